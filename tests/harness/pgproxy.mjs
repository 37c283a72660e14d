// A proxy between the daemon and PostgreSQL that understands just enough of the protocol to
// count batches and to cut a connection at a chosen one: between the sync that was sent and its
// answer, where nobody can know whether the transaction was committed.

import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {discard, scratch} from './process.mjs';

/** Cuts a stream into messages: type, length, body. The first of a client has no type. */
class Messages {
	constructor(hasStartup) {
		this.rest = Buffer.alloc(0);
		this.isStartup = hasStartup;
	}

	/** fn(type, whole message) for each that is complete. */
	feed(bytes, fn) {
		this.rest = Buffer.concat([this.rest, bytes]);
		for (;;) {
			const at = this.isStartup ? 0 : 1;
			if (this.rest.length < at + 4)
				return;
			const end = at + this.rest.readInt32BE(at);
			if (this.rest.length < end)
				return;
			const type = this.isStartup ? 'startup' : String.fromCharCode(this.rest[0]);
			const message = this.rest.subarray(0, end);
			this.rest = this.rest.subarray(end);
			this.isStartup = false;
			fn(type, message);
		}
	}
}

/** The name of the prepared statement that a Bind message is for. */
function boundTo(message) {
	const portal = message.indexOf(0, 5);
	return message.toString('latin1', portal + 1, message.indexOf(0, portal + 1));
}

/**
 * → {conninfo({user, database}), batches: [[statement names]], cut, cuts, hold, stop()}
 *
 * cut: null, or a function of the statement names of a batch that has been answered: true drops
 * everything from its ReadyForQuery on, and the connection.
 * hold: null, or a function of the same and of what stands for the connection that returns a promise to keep the answer back until it resolves,
 * and what comes after it on that connection, or undefined.
 */
export async function startProxy(cluster) {
	const folder = scratch();
	fs.chmodSync(folder, 0o755);
	const sockets = new Set();
	const proxy = {
		batches: [], cuts: 0, cut: null, hold: null,
		conninfo: ({user, database}) => `host=${folder} dbname=${database} user=${user}`,
		stop() {
			for (const socket of sockets)
				socket.destroy();
			return new Promise(resolve => server.close(() => {
				discard(folder);
				resolve();
			}));
		},
	};

	const server = net.createServer(client => {
		const backend = net.connect(path.join(cluster.socketDir, '.s.PGSQL.5432'));
		const asked = new Messages(true), told = new Messages(false);
		const underWay = [];
		let batch = [], isOver = false;
		const end = () => {
			isOver = true;
			client.destroy();
			backend.destroy();
		};
		for (const socket of [client, backend]) {
			sockets.add(socket);
			socket.on('error', end);
			socket.on('close', () => {
				sockets.delete(socket);
				end();
			});
		}
		client.on('data', bytes => {
			asked.feed(bytes, (type, message) => {
				if (type === 'B') {
					batch.push(boundTo(message));
				} else if (type === 'S') {
					underWay.push(batch);
					if (batch.length)
						proxy.batches.push(batch);
					batch = [];
				}
			});
			backend.write(bytes);
		});
		let isReady = false; // the first ReadyForQuery ends the start-up, not a batch
		let kept; // messages that are held back
		const letGo = () => {
			const now = kept;
			kept = undefined;
			if (!isOver)
				client.write(Buffer.concat(now));
		};
		backend.on('data', bytes => {
			const pass = [];
			told.feed(bytes, (type, message) => {
				if (isOver)
					return;
				const answered = type === 'Z' && isReady ? underWay.shift() : undefined;
				if (answered && proxy.cut?.(answered)) {
					proxy.cuts++;
					end();
					return;
				}
				isReady ||= type === 'Z';
				const over = answered && !kept && proxy.hold?.(answered, client);
				if (over) {
					kept = [];
					over.then(letGo);
				}
				(kept ?? pass).push(message);
			});
			if (!isOver && pass.length)
				client.write(Buffer.concat(pass));
		});
	});
	await new Promise(resolve => server.listen(path.join(folder, '.s.PGSQL.5432'), resolve));
	fs.chmodSync(path.join(folder, '.s.PGSQL.5432'), 0o777);
	return proxy;
}
