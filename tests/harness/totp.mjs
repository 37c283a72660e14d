// The codes of an app for signing in, by RFC 6238, as a second opinion to the daemon's.

import {createHmac} from 'node:crypto';

/** The code that an app shows for a key in base32, so many steps of half a minute from then, in ms. */
export function codeOf(text, off = 0, then = Date.now()) {
	const bits = [...text].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(then / 30_000) + off));
	const mac = createHmac('sha1', Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)))).update(counter).digest();
	return String((mac.readUInt32BE(mac[19] & 15) & 0x7FFFFFFF) % 1_000_000).padStart(6, '0');
}
