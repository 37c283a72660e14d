// As much of JSON Schema 2020-12 as /v1/openapi.json uses; a word that is not known here fails, so
// that nothing is thought to be checked that is not.

const KNOWN = new Set(['$ref', 'type', 'properties', 'required', 'additionalProperties', 'enum', 'items', 'anyOf', 'pattern',
	'minimum', 'maximum', 'minLength', 'maxLength', 'maxItems', 'format', 'description', 'readOnly', 'default']);

const typeOf = value => value === null ? 'null' : Array.isArray(value) ? 'array' :
	Number.isInteger(value) ? 'integer' : typeof value;

const FORMATS = {
	date: /^\d{4}-\d\d-\d\d$/,
	'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
};

/** What is wrong with value against schema of the document: an array of "pointer: why". */
export function faults(document, schema, value, at = '') {
	const wrong = [];
	const say = why => wrong.push(`${at || '/'}: ${why}`);
	for (const word of Object.keys(schema)) {
		if (!KNOWN.has(word))
			say(`the schema has "${word}", which is not checked here`);
	}
	if (schema.$ref)
		return faults(document, resolve(document, schema.$ref), value, at);
	if (schema.anyOf && !schema.anyOf.some(one => !faults(document, one, value, at).length))
		say('none of anyOf fits');
	const types = [schema.type ?? []].flat();
	const type = typeOf(value);
	if (types.length && !types.includes(type) && !(type === 'integer' && types.includes('number')))
		say(`${type} instead of ${types}`);
	if (schema.enum && !schema.enum.includes(value))
		say(`${JSON.stringify(value)} is not listed`);
	if (type === 'string') {
		if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value))
			say(`${value} has not the form ${schema.pattern}`);
		if (schema.format && !FORMATS[schema.format].test(value))
			say(`${value} is no ${schema.format}`);
		if ([...value].length < (schema.minLength ?? 0) || [...value].length > (schema.maxLength ?? Infinity))
			say(`${[...value].length} characters`);
	}
	if (typeof value === 'number' && (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity)))
		say(`${value} is out of range`);
	if (type === 'array') {
		if (value.length > (schema.maxItems ?? Infinity))
			say(`${value.length} items`);
		value.forEach((item, i) => wrong.push(...faults(document, schema.items ?? {}, item, `${at}/${i}`)));
	}
	if (type === 'object') {
		for (const name of schema.required ?? []) {
			if (!(name in value))
				say(`${name} is missing`);
		}
		for (const [name, member] of Object.entries(value)) {
			if (schema.properties?.[name])
				wrong.push(...faults(document, schema.properties[name], member, `${at}/${name}`));
			else if (schema.additionalProperties === false)
				say(`${name} is not foreseen`);
		}
	}
	return wrong;
}

/** What "#/a/b" points at. */
export function resolve(document, ref) {
	const found = ref.slice(2).split('/').reduce((node, key) => node?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], document);
	if (found === undefined)
		throw new Error(`${ref} leads nowhere`);
	return found;
}
