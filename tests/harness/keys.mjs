// Principals and their keys, straight into the database, as our own code would not make them:
// any roles, scopes and fates.

import {createHmac} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
let made = 0;

function crc32(text) {
	let crc = ~0;
	for (const byte of Buffer.from(text)) {
		crc ^= byte;
		for (let i = 0; i < 8; i++)
			crc = crc >>> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
	}
	return ~crc >>> 0;
}

/** The n-th key there can be: well-formed, with its check digits. */
export function keyText(n) {
	const head = 'akey_test_' + String(n).padStart(26, '0').padStart(43, DIGITS[10 + n % 52]);
	let crc = crc32(head), check = '';
	for (let i = 0; i < 6; i++, crc = Math.floor(crc / 62))
		check = DIGITS[crc % 62] + check;
	return head + check;
}

/**
 * A key of a new principal.
 *
 * roles:  {authority id or '*': ['ESTATES', …]}.    scopes: of the key, all by default.
 * expires, revoked, closed: moments.    isOperator: acts for the whole installation.
 * → {key, id (key_…), principal (prn_…)}
 */
export async function makeKey(reg, {roles = {}, scopes = ['*'], isOperator = false, expires = null, revoked = null, closed = null} = {}) {
	const pepper = fs.readFileSync(path.join(reg.daemon.folder, 'pepper'));
	const n = String(++made).padStart(26, '0');
	const key = keyText(made);
	await reg.sql(`insert into assetd.principal (id, name, is_operator, closed_at, created_at, updated_at)
		values ($1, 'Test', $2, $3, now(), now())`, [`prn_${n}`, isOperator, closed]);
	for (const [authority, names] of Object.entries(roles))
		await reg.sql(`insert into assetd.principal_role (principal_id, authority_id, role, created_at)
			select $1, nullif($2, '*'), unnest($3::text[]), now()`, [`prn_${n}`, authority, names]);
	await reg.sql(`insert into assetd.api_key (id, principal_id, prefix, hash, scopes, expires_at, revoked_at, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, now(), now())`, [`key_${n}`, `prn_${n}`, key.slice(0, 22),
		createHmac('sha256', pepper).update(key).digest(), scopes, expires, revoked]);
	return {key, id: `key_${n}`, principal: `prn_${n}`};
}
