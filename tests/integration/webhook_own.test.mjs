// What is our own is called by nobody, whatever the list of networks allows: neither the daemon's doors nor the database, which is
// known once it has been reached over a network.

import assert from 'node:assert/strict';
import {randomInt} from 'node:crypto';
import {after, test} from 'node:test';
import {ok, startHooks, startRegister, until} from '../harness/index.mjs';

const address = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.1`; // this machine's, and no other cluster's
const reg = await startRegister({settings: {listen_addresses: address}, conf: {database: {worker: `host=${address} dbname=assetd user=assetd_worker`}}});
const hooks = startHooks(reg);
after(async () => {
	await reg.stop();
	await hooks.stop();
});
const [{port}] = await reg.sql(`select current_setting('port')::int as port`);
const log = () => reg.daemon.logLines().filter(line => line.what === "a webhook's address may not be called").map(line => line.webhook);

test('W-45: neither the database nor a door of the daemon is called, where all of that network may be', async () => {
	for (const url of [reg.url, `http://127.0.0.1:${reg.daemon.ports.metrics}/`])
		assert.equal((await reg.admin.post('/v1/webhooks', {url})).status, 422, url);
	const database = ok(await reg.admin.post('/v1/webhooks', {url: `http://${address}:${port}/`}));
	const beside = ok(await reg.admin.post('/v1/webhooks', {url: `http://${address}:${port + 1}/`}));
	const tried = async ({id}) => (await reg.admin.get(`/v1/webhooks/${id}/deliveries`)).json.items;
	await until(async () => (await tried(beside)).length, {what: 'the port beside it to be called'});
	await until(() => log().includes(database.id), {what: 'it to be said of the database'});
	assert.deepEqual([await tried(database), log().includes(beside.id)], [[], false]);
	await (await hooks.receiver()).remove(); // and who may be called is
});
