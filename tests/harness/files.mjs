// Files of every type that a document may be, made of nothing, and those that only look like one.

import {crc32, deflateSync} from 'node:zlib';

/* Node 18 has no zlib.crc32. */
export function crc(bytes) {
	if (crc32)
		return crc32(bytes);
	let c = ~0;
	for (const byte of bytes) {
		c ^= byte;
		for (let i = 0; i < 8; i++)
			c = c >>> 1 ^ (c & 1 ? 0xEDB88320 : 0);
	}
	return ~c >>> 0;
}

const u16 = n => Buffer.from([n & 255, n >> 8 & 255]);
const u32 = n => Buffer.from([n & 255, n >>> 8 & 255, n >>> 16 & 255, n >>> 24 & 255]);

/** texts: what chunks tEXt say. */
export function png(width = 1, height = 1, texts = []) {
	const chunk = (type, data) => {
		const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
		return Buffer.concat([u32(data.length).reverse(), body, u32(crc(body)).reverse()]);
	};
	const head = Buffer.concat([u32(width).reverse(), u32(height).reverse(), Buffer.from([8, 0, 0, 0, 0])]);
	return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), ...texts.map(text => chunk('tEXt', Buffer.from(`Comment\0${text}`))),
		chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height, 200))), chunk('IEND', Buffer.alloc(0))]);
}

/** A PDF that says `text`, padded to `length` bytes if one is given. */
export function pdf(text = 'hello', length = 0) {
	const begin = `%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Note (${text}) >>\nendobj\n%`, end = '\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n';
	return Buffer.from(begin + 'x'.repeat(Math.max(0, length - begin.length - end.length)) + end, 'latin1');
}

const SCAN = 'ffda0008010100003f00';
/** A JPEG; said: segments between its beginning and its scan, length: bytes of the scan. */
export const jpeg = (said = Buffer.alloc(0), length = 64) => Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), said,
	Buffer.from(SCAN, 'hex'), Buffer.alloc(length, 1), Buffer.from('ffd9', 'hex')]);

/** What a telephone writes into one: Exif with its maker, which way up (6) and a directory with the place; XMP and a comment. */
export function said(words = 'GPS 56.3 -3.4') {
	const entry = (tag, type, count, value) => Buffer.concat([u16(tag), u16(type), u32(count), u32(value)]);
	const tiff = Buffer.concat([Buffer.from('II*\0'), u32(8), u16(3), entry(0x010F, 2, 4, 0x00434241), entry(0x0112, 3, 1, 6), entry(0x8825, 4, 1, 50), u32(0), Buffer.from(words)]);
	const segment = (code, body) => Buffer.concat([Buffer.from([0xFF, code, (body.length + 2) >> 8, (body.length + 2) & 255]), body]);
	return Buffer.concat([segment(0xE1, Buffer.concat([Buffer.from('Exif\0\0'), tiff])), segment(0xE1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${words}`)), segment(0xFE, Buffer.from(words))]);
}
export const tiff = () => Buffer.concat([Buffer.from('49492a0008000000', 'hex'), Buffer.alloc(32)]);
/** A WebP; chunks: [type, bytes] before and behind its picture. */
export function webp(before = [], behind = []) {
	const chunk = ([type, bytes]) => Buffer.concat([Buffer.from(type), u32(bytes.length), bytes, Buffer.alloc(bytes.length % 2)]);
	const body = Buffer.concat([Buffer.from('WEBP'), ...[...before, ['VP8L', Buffer.alloc(12, 1)], ...behind].map(chunk)]);
	return Buffer.concat([Buffer.from('RIFF'), u32(body.length), body]);
}

/** A ZIP of entries {name, data, unpacked (what it says its size is), flags}, not compressed. */
export function zip(entries, {comment = ''} = {}) {
	const local = [], central = [];
	let at = 0;
	for (const {name, data = '', unpacked, flags = 0} of entries) {
		const bytes = Buffer.from(data), file = Buffer.from(name);
		const shared = Buffer.concat([u16(20), u16(flags), u16(0), u16(0), u16(33), u32(crc(bytes)), u32(bytes.length), u32(unpacked ?? bytes.length), u16(file.length), u16(0)]);
		local.push(Buffer.from('PK\x03\x04', 'latin1'), shared, file, bytes);
		central.push(Buffer.from('PK\x01\x02', 'latin1'), u16(20), shared, u16(0), u16(0), u16(0), u32(0), u32(at), file);
		at += 30 + file.length + bytes.length;
	}
	const directory = Buffer.concat(central);
	return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06', 'latin1'), u16(0), u16(0), u16(entries.length), u16(entries.length),
		u32(directory.length), u32(at), u16(Buffer.byteLength(comment)), Buffer.from(comment)]);
}

const office = (main, more = []) => zip([{name: '[Content_Types].xml', data: '<Types/>'}, {name: main, data: '<w/>'}, ...more]);
export const docx = more => office('word/document.xml', more);
export const xlsx = more => office('xl/workbook.xml', more);
export const odt = (more = []) => zip([{name: 'mimetype', data: 'application/vnd.oasis.opendocument.text'}, {name: 'content.xml', data: '<c/>'}, ...more]);
