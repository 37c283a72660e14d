// Files that are read slowly: a list long enough for that, and a client that takes as much as it is let.

import net from 'node:net';

/** As many assets like that one as make `n`, put there directly, without changes that tell of them; each has the notes of the first in its item. */
export async function multiply(reg, id, n) {
	const columns = (await reg.sql(`select column_name as name from information_schema.columns where table_schema = 'assetd' and table_name = 'asset'
		and is_generated = 'NEVER' and is_identity = 'NO'`)).map(c => c.name);
	await reg.cluster.session(client => client.query(`begin; set local search_path = assetd, public; set local session_replication_role = replica;
		insert into asset (${columns}) select ${columns.map(c => c === 'id' ? '\'ast_\' || lpad(n::text, 26, \'0\')' : c)}
			from asset cross join generate_series(2, ${n}) as n where id = '${id}'; commit`), {database: reg.database});
}

/** A client that has had its first bytes and takes no more until its socket is resumed; it counts lines of JSON and keeps the end. */
export async function readSlowly(reg, path, field) {
	const {hostname, port, host} = new URL(reg.url);
	const socket = net.connect(Number(port), hostname), client = {socket, rows: 0, end: '', isOver: false};
	socket.setEncoding('latin1');
	socket.on('data', text => {
		client.rows += (client.end.slice(-1) + text).split('}\n').length - 1;
		client.end = (client.end + text).slice(-2000);
	});
	socket.on('error', () => {});
	socket.on('close', () => { client.isOver = true; });
	socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${field}\r\n\r\n`);
	await new Promise(done => socket.once('data', done));
	socket.pause();
	return client;
}
