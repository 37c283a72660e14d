// Who guesses at one account from many addresses, each with connections of its own, so many times a second; on a thread beside the
// test, so that what it measures meanwhile is the daemon's time and not this one's.

import http from 'node:http';
import {parentPort, workerData} from 'node:worker_threads';

const {url, tries, per_second, at_once, addresses, email, word, cookie} = workerData;
const agents = Array.from({length: addresses}, (_, i) => new http.Agent({keepAlive: true, localAddress: `127.0.${1 + (i >> 8)}.${i & 255}`}));
const tally = {};
let sent = 0, under_way = 0, opened = 0;

const guess = n => new Promise((resolve, reject) => {
	const body = new URLSearchParams({form_csrf: word, next: '/', email, password: `guess number ${n} of many`}).toString();
	const call = http.request(`${url}/sign-in`, {method: 'POST', agent: agents[n % addresses], headers: {Origin: url, Cookie: cookie,
		'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body)}}, reply => {
		opened += /__Host-sid=\w/.test(String(reply.headers['set-cookie'] ?? ''));
		tally[reply.statusCode] = (tally[reply.statusCode] ?? 0) + 1;
		reply.resume().once('error', reject).once('end', resolve);
	});
	call.once('error', reject).end(body);
});

// As many a second as were asked for, while no more than so many wait for their answer.
const began = performance.now();
await new Promise((resolve, reject) => {
	const clock = setInterval(() => {
		const due = Math.min(tries, Math.ceil((performance.now() - began) / 1000 * per_second));
		while (sent < due && under_way < at_once) {
			under_way++;
			guess(sent++).then(() => { under_way--; }, reject);
		}
		if (sent === tries && !under_way) {
			clearInterval(clock);
			resolve();
		}
	}, 5);
});
const took_ms = performance.now() - began;
agents.forEach(agent => agent.destroy());
parentPort.postMessage({tally, opened, took_ms});
