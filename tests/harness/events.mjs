// Every event that a test writes, reads or is sent is held against the catalogue, by ajv, which knows
// nothing of how the catalogue is made. Forms: as the feed shows it, THIN, and CloudEvents of both.
// A test meets a few of some 120 types, and pays for those.

import {createRequire} from 'node:module';

const need = createRequire(import.meta.url);

// Families that tests of the feed make up; none of ours has such a name.
const MADE_UP = /^(place|torture|bench)\./;

const kept = new Map(); // API description → checks

const id = {type: 'string', pattern: '^evt_[0-9a-z]{26}$'};
const common = {
	id, position: {type: ['integer', 'null'], minimum: 1}, type: {type: 'string', pattern: '^[a-z]+\\.[a-z_]+$'},
	subject: {type: 'string', pattern: '^[a-z]{3}_[0-9a-z]{26}$'}, subject_seq: {type: 'integer', minimum: 1},
	occurred_at: {type: 'string', format: 'date-time'}, schema_version: {const: 1},
};
const self = {type: 'object', required: ['self'], properties: {self: {type: 'string', pattern: '^/v1/events/evt_[0-9a-z]{26}$'}}, additionalProperties: false};
const FULL = {
	type: 'object', additionalProperties: false, required: [...Object.keys(common), 'actor', 'data'],
	properties: {...common, actor: {type: 'string', pattern: '^(SYSTEM|AUTHORITY|COMMUNITY_BODY|[a-z]{3}_[0-9a-z]{26})$'}, data: {type: 'object'},
		traceparent: {type: ['string', 'null']}},
};
const THIN = {type: 'object', additionalProperties: false, required: [...Object.keys(common), 'links'], properties: {...common, links: self}};
const CLOUD = {
	type: 'object', additionalProperties: false, required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'data'],
	properties: {specversion: {const: '1.0'}, id, source: {const: '/v1/events'}, type: common.type, subject: common.subject,
		time: common.occurred_at, datacontenttype: {const: 'application/json'}, sequence: {type: ['string', 'null'], pattern: '^[1-9][0-9]*$'},
		traceparent: {type: ['string', 'null']}, data: {type: 'object'}},
};

function checks(api) {
	if (!kept.has(api)) {
		const Ajv = need('ajv/dist/2020.js');
		// That the schemas are schemas is shown by event_types.test.mjs.
		const ajv = need('ajv-formats')(new Ajv({strict: true, strictTypes: false, allErrors: true, validateSchema: false, code: {optimize: false}}));
		const made = new Map();
		const check = (name, schema) => made.get(name) ?? made.set(name, ajv.compile(schema)).get(name);
		kept.set(api, {
			full: () => check('full', FULL), thin: () => check('thin', THIN), cloud: () => check('cloud', CLOUD), link: () => check('link', self),
			data: type => api.components.schemas[`event_data.${type}`] && check(`event_data.${type}`, api.components.schemas[`event_data.${type}`]),
		});
	}
	return kept.get(api);
}

const say = (what, check) => check.errors.map(e => `${what}${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);

/** What is wrong with the data of an event of that type, as sentences. */
export function dataFaults(api, type, data) {
	if (MADE_UP.test(type))
		return [];
	const check = checks(api).data(type);
	if (!check)
		return [`${type} is not in the catalogue (libassets/notify/event_type.def)`];
	return check(data) ? [] : say(type, check).map(fault => `${fault} in ${JSON.stringify(data).slice(0, 300)}`);
}

/** What is wrong with an event, in whichever form it is sent. */
export function eventFaults(api, event) {
	const {full, thin, cloud, link} = checks(api);
	const isThin = !event?.specversion && Boolean(event?.links);
	const envelope = event?.specversion ? cloud() : isThin ? thin() : full();
	if (!envelope(event))
		return say('event', envelope);
	return isThin || (event.specversion && link()(event.data)) ? [] : dataFaults(api, event.type, event.data);
}
