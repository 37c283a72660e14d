// A picture of few colours: what Chromium took, with the sixteen colours that it has most of, four bits each. A page of words
// becomes a third of its size, and looks the same.

import zlib from 'node:zlib';

const COLOURS = 16;

/* The chunks of a PNG: [[type, bytes]]. */
function chunks(png) {
	const found = [];
	for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
		found.push([png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at))]);
	return found;
}

const paeth = (left, up, corner) => {
	const [l, u, c] = [up - corner, left - corner, left + up - 2 * corner].map(Math.abs);
	return l <= u && l <= c ? left : u <= c ? up : corner;
};

/* The bytes behind the filters of RFC 2083, section 6. step: bytes a pixel. */
function unfilter(data, height, length, step) {
	const out = Buffer.alloc(height * length);
	for (let y = 0; y < height; y++) {
		const kind = data[y * (length + 1)];
		for (let x = 0; x < length; x++) {
			const at = y * length + x, left = x >= step ? out[at - step] : 0, up = y ? out[at - length] : 0;
			const corner = x >= step && y ? out[at - length - step] : 0;
			out[at] = data[at + y + 1] + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind];
		}
	}
	return out;
}

/* Those it has most of, and one for each of all its colours: the nearest. */
function palette(pixels, step) {
	const count = new Map();
	for (let at = 0; at < pixels.length; at += step) {
		const colour = pixels.readUIntBE(at, 3);
		count.set(colour, (count.get(colour) ?? 0) + 1);
	}
	const kept = [...count].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, COLOURS).map(([colour]) => colour);
	const away = (a, b) => [16, 8, 0].reduce((sum, shift) => sum + ((a >> shift & 255) - (b >> shift & 255)) ** 2, 0);
	const nearest = colour => kept.reduce((best, k, i) => away(colour, k) < away(colour, kept[best]) ? i : best, 0);
	return {kept, index: new Map([...count.keys()].map(colour => [colour, nearest(colour)]))};
}

/* As the annex of RFC 2083 has it; node's own is younger than the oldest node that we take. */
function crc(bytes) {
	let c = -1;
	for (const byte of bytes) {
		c ^= byte;
		for (let k = 0; k < 8; k++)
			c = c & 1 ? c >>> 1 ^ 0xedb88320 : c >>> 1;
	}
	return ~c >>> 0;
}

function chunk(type, bytes) {
	const body = Buffer.concat([Buffer.from(type), bytes]), ends = Buffer.alloc(8);
	ends.writeUInt32BE(bytes.length);
	ends.writeUInt32BE(crc(body), 4);
	return [ends.subarray(0, 4), body, ends.subarray(4)];
}

/** png: of eight bits a colour, not interlaced   → the bytes of the smaller one */
export function smallPng(png) {
	const all = chunks(png), [, head] = all[0], width = head.readUInt32BE(0), height = head.readUInt32BE(4), step = head[9] === 6 ? 4 : 3;
	const data = zlib.inflateSync(Buffer.concat(all.filter(([type]) => type === 'IDAT').map(([, bytes]) => bytes)));
	const pixels = unfilter(data, height, width * step, step), {kept, index} = palette(pixels, step);
	const length = (width + 1) >> 1, lines = Buffer.alloc(height * (length + 1));
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++)
			lines[y * (length + 1) + 1 + (x >> 1)] |= index.get(pixels.readUIntBE((y * width + x) * step, 3)) << (x & 1 ? 0 : 4);
	const small = Buffer.from(head);
	small[8] = 4; // bits a pixel
	small[9] = 3; // which are numbers of colours
	const colours = Buffer.from(kept.flatMap(colour => [colour >> 16, colour >> 8 & 255, colour & 255]));
	return Buffer.concat([png.subarray(0, 8), ...chunk('IHDR', small), ...chunk('PLTE', colours),
		...chunk('IDAT', zlib.deflateSync(lines, {level: 9})), ...chunk('IEND', Buffer.alloc(0))]);
}
