// Runs inside the network namespace of webhook_trap.test.mjs: a name server that says what an attacker's would, and
// a trap on every address that notes whoever connects. Ends with its parent.
//   node trap.mjs FOLDER   reads FOLDER/names.json {name: {A: […], AAAA: […], turns: [[…], …], silent: no answer}} (as none is to any silentN), writes FOLDER/hits,
//                          and FOLDER/asked {asked: how often names with turns were asked for, inside: in how many of them an answer led inside}

import dgram from 'node:dgram';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

const [folder] = process.argv.slice(2);
const names = JSON.parse(fs.readFileSync(path.join(folder, 'names.json'), 'utf8'));
const note = (file, line) => fs.appendFileSync(path.join(folder, file), `${line}\n`);
const parent = process.ppid;
const counts = {asked: 0, inside: 0};
setInterval(() => {
	fs.writeFileSync(path.join(folder, 'asked.new'), JSON.stringify(counts));
	fs.renameSync(path.join(folder, 'asked.new'), path.join(folder, 'asked'));
	if (process.ppid !== parent)
		process.exit(0);
}, 200);

/** The question of a DNS message: {name, type, end}. */
function question(message) {
	const labels = [];
	let at = 12;
	for (let n = message[at]; n; n = message[at]) {
		labels.push(message.subarray(at + 1, at + 1 + n).toString());
		at += 1 + n;
	}
	return {name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5};
}

/** An IPv6 address as 16 bytes; the names of the test have no other forms than Node takes apart. */
function bytes6(text) {
	const v4 = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
	const plain = v4 ? `${v4[1]}${(v4[2] << 8 | v4[3]).toString(16)}:${(v4[4] << 8 | v4[5]).toString(16)}` : text;
	const [head, tail] = plain.split('::').map(part => part ? part.split(':') : []);
	const groups = tail ? [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail] : head;
	return Buffer.from(groups.map(group => group.padStart(4, '0')).join(''), 'hex');
}

function answers(name, type) {
	const known = names[name];
	const addresses = known?.turns ? known.turns[(known.n = (known.n ?? -1) + 1) % known.turns.length] : [...known?.A ?? [], ...known?.AAAA ?? []];
	const told = addresses.filter(address => net.isIP(address) === (type === 28 ? 6 : 4));
	if (known?.turns) {
		counts.asked += type === 1; // each look-up asks for both kinds
		counts.inside += told.some(address => /^(127|10)\.|^::1$/.test(address));
	}
	return told.map(address => {
		const data = type === 28 ? bytes6(address) : Buffer.from(address.split('.').map(Number));
		const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length]);
		return Buffer.concat([head, data]);
	});
}

const resolver = dgram.createSocket('udp4');
resolver.on('message', (message, from) => {
	const {name, type, end} = question(message);
	if (names[name]?.silent || /^silent\d/.test(name))
		return;
	const found = type === 1 || type === 28 ? answers(name, type) : [];
	const head = Buffer.from(message.subarray(0, end));
	head.writeUInt16BE(0x8180 | (names[name] ? 0 : 3), 2);
	head.writeUInt16BE(found.length, 6);
	head.writeUInt16BE(0, 8);
	head.writeUInt16BE(0, 10);
	resolver.send(Buffer.concat([head, ...found]), from.port, from.address);
});
resolver.bind(53, '127.0.0.1');

for (const port of [80, 443, 8443]) {
	net.createServer(socket => {
		note('hits', `${socket.localAddress.replace(/^::ffff:(?=\d+\.)/, '')} ${port}`);
		socket.on('error', () => {});
		socket.destroy();
	}).listen({host: '::', port});
}
setTimeout(() => note('ready', 'ready'), 100);
