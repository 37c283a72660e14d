// A small council's register on one day, with something to see for each group: a hall that a community asks for, a request
// that is new, one whose decision is late, a forecast that moved since it was frozen, a list that is about to be loaded.
// Invented throughout, and the same whenever it is made: the pictures of the guides are taken of it.

import {makeKey, openForecast, until} from '../harness/index.mjs';

export const TOWN = {clock: '2026-11-23T10:00:00Z', env: {ASSETD_PROJECTION_PATHS: undefined},
	conf: {pages: {name: 'Land and buildings of Strathord'}, http: {base_url: 'https://land.strathord.example'},
		mail: {smtp_url: 'smtp://127.0.0.1:9', from: 'land@strathord.example', allow_plain: 'yes'}, projection: {paths: 500, seed: 7}}};

// name, class, where, postcode, square metres, worth in thousands of pounds, stage of a sale and its day.
const ASSETS = [
	['Memorial Hall', 'HALL', '1 Station Road, Glenord', 'PH2 9NU', 410, 180, 'MARKETING', '2027-06-15'],
	['Wester Wood', 'WOODLAND', 'Wester Road, Glenord', 'PH2 9PL', 84000, 65, 'IDENTIFIED', '2028-03-01'],
	['Former Carse Primary School', 'SCHOOL', 'School Brae, Carse of Ord', 'PH2 7QA', 3200, 420, 'SURPLUS', '2027-09-30'],
	['Bridgend Allotments', 'ALLOTMENT', 'Mill Lane, Bridgend of Ord', 'PH1 3RB', 5200, 30],
	['Roads Depot', 'DEPOT', '40 Harbour Road, Ordmouth', 'PH1 5TT', 6100, 610, 'PREPARING', '2028-06-15'],
	['Area Office', 'OFFICE', '12 High Street, Ordmouth', 'PH1 5SS', 1150, 340, 'MARKETING', '2027-11-30'],
	['Park Lodge', 'LODGE', 'King George Park, Ordmouth', 'PH1 5SA', 140, 155, 'UNDER_OFFER', '2027-02-28'],
	['Bridgend Library', 'LIBRARY', '3 Mill Lane, Bridgend of Ord', 'PH1 3RB', 620, 210, 'SURPLUS', '2029-05-31'],
	['Harbour Car Park', 'CAR_PARK', 'Harbour Road, Ordmouth', 'PH1 5TT', 2400, 190, 'IDENTIFIED', '2030-04-30'],
	['Playing Field', 'SPORTS_GROUND', 'Station Road, Glenord', 'PH2 9NU', 14000, 50],
];

const LIST = `reference,name,class,tenure,area_m2,uprn
ST-001,Memorial Hall,HALL,OWNED,425,
ST-006,Area Office,OFFICE,OWNED,1150,
ST-011,Ferry Slip,OTHER,OWNED,300,
ST-012,Old Pump House,OTHER,OWNED,45,AB-12
`;

async function fillLand({add, asset}, {council, cpp}) {
	const land = [];
	for (const [i, [name, cls, address, postcode, area_m2, worth, stage, planned_on]] of ASSETS.entries())
		land.push(await asset({authority_id: council.id, cpp_id: cpp.id, name, class: cls, reference: `ST-${String(i + 1).padStart(3, '0')}`, address, postcode, area_m2,
			easting: 312000 + 700 * i, northing: 722000 - 450 * i}, {amount: worth * 100000, plan: stage && {stage, planned_on}}));
	return land;
}

/* Each is asked for as its body would, and moved as its council would have. */
async function fillRequests({add}, land) {
	const ask = async (name, asset, received_on, offer, reasons, events = []) => {
		const body = await add('/v1/community-bodies', {name, legal_form: 'SCIO', members: 64});
		const request = await add('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on, offer_pence: offer * 100,
			reasons, benefits: 'A warm place to meet on every day of the week, classes, and a café that volunteers run.'});
		for (const event of events)
			await add(`/v1/requests/${request.id}/events`, event);
		return request;
	};
	return {
		hall: await ask('Glenord Hall Trust', land[0], '2026-06-08', 45000, 'The village has no other place to meet.', [
			{event: 'VALIDATE', on: '2026-06-08', acknowledged_on: '2026-06-10'},
			{event: 'NOTICES_ISSUED', on: '2026-06-15', representations_close_on: '2026-12-04'}]),
		wood: await ask('Glenord Woodland Group', land[1], '2026-11-16', 12000, 'To plant, to teach, and to keep the paths open.'),
		school: await ask('Carse Development Trust', land[2], '2026-05-11', 100000, 'Homes for rent, and workshops in the old gymnasium.', [
			{event: 'VALIDATE', on: '2026-05-11', acknowledged_on: '2026-05-12'}]),
	};
}

/** Fill it → {council, cpp, land, requests, run, list, keys: {estates, finance, admin}}, once its forecast has been simulated. */
export async function fillTown(reg) {
	const forecast = openForecast(reg), {add, value, plan} = forecast;
	const council = await add('/v1/authorities', {name: 'Strathord Council (not a real body)', kind: 'COUNCIL', code: 'ST', duties: [{schedule: 3, from_on: '2017-01-23'}]});
	const board = await add('/v1/authorities', {name: 'NHS Ord (not a real body)', kind: 'HEALTH_BOARD', code: 'NO', duties: [{schedule: 3, from_on: '2017-01-23'}]});
	const cpp = await add('/v1/cpps', {name: 'Strathord Community Planning Partnership', code: 'SCPP', partners: [council.id, board.id]});
	for (const [name, email, ...roles] of [['Isla Grant', 'isla.grant', 'ESTATES'], ['Rory Bain', 'rory.bain', 'FINANCE'], ['Una Reid', 'una.reid', 'ESTATES', 'DECIDER', 'ADMIN']])
		await add('/v1/accounts', {authority_id: council.id, name, email: `${email}@strathord.example`, roles});
	const land = await fillLand(forecast, {council, cpp});
	const requests = await fillRequests(forecast, land);
	const key = async (...roles) => (await makeKey(reg, {roles: {[council.id]: roles}})).key;
	const keys = {estates: await key('ESTATES'), finance: await key('FINANCE'), admin: await key('ADMIN', 'ESTATES', 'FINANCE')};
	let run;
	await until(async () => {
		const reply = await reg.admin.as(keys.finance).post('/v1/projections/runs', {name: 'Budget 2027-28', tag: 'BUDGET', paths: 200, seed: 7}, {idempotency: 'budget'});
		run = reply.json;
		return reply.status === 201;
	}, {what: 'a run'});
	await value(land[5], 41000000, {valued_on: '2026-10-01'});
	await plan(land[4], {stage: 'PREPARING', planned_on: '2029-06-15'});
	const list = await reg.admin.post(`/v1/imports?authority_id=${council.id}`, undefined, {body: LIST, headers: {'Content-Type': 'text/csv'}, idempotency: 'list'});
	await until(async () => {
		const {simulated, position} = await forecast.receipts('group_by=YEAR');
		return simulated?.position === position;
	}, {what: 'percentiles'});
	return {council, board, cpp, land, requests, run, list: list.json, keys};
}
