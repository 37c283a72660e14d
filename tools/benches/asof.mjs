// bench `asof`: a page of the register of 150,000 assets as the public saw it on any day, one after
// another from one client, against the 50 ms that it may take; and, as the limit, the same page of today. A
// fifth of the assets were changed three times. Beside it word search of today, which goes by an index too.
//
// The last lines but one are the plans of the two halves of a page: what has not changed since, and what has.
// Each line of output is one JSON object. Rate limits are off. BENCH_ASSETS (150,000), and those of common.mjs.
import assert from 'node:assert/strict';
import {goal, growth, interleave, machine, median, middle, ratio, ROUNDS, say, short} from './common.mjs';
import {fillPast} from './register.mjs';
import {startFilled, startSizes} from './sides.mjs';

const ASSETS = Number(process.env.BENCH_ASSETS ?? 150_000);
const LOOKS = 20;
const MOST_MS = 50;
const FIRST = Date.UTC(2025, 0, 1), DAYS = 680;
const dayText = n => new Date(FIRST + n * 86_400_000).toISOString().slice(0, 10);

/* Names that differ, and their past. */
async function fill(reg) {
	await reg.sql(`begin; set local session_replication_role = replica; set local search_path = assetd, public;
		update asset set name = (array['Old','New','Upper','Nether','West','East','Kirk','Mill'])[1 + right(id, 6)::int % 8] || ' '
			|| (array['hall','lodge','barn','depot','library','wood','park'])[1 + right(id, 6)::int % 7] || ' of ' || substr(md5(id), 1, 8);
		commit`);
	await fillPast(reg);
}

/* Two pages of a word search of then are what going through every fact gives. */
async function assertFound(reg, words, day) {
	const moment = `${dayText(day)}T23:00:00Z`;
	const [{ids}] = await reg.sql(`select array(select f.subject::text from assetd.fact as f where f.part = 'asset' and f.valid @> $1::date
		and f.known @> $2::timestamptz and not exists (select from unnest($3::text[]) as w where assetd.fact_words(f.body) not like '%' || w || '%')
		order by f.body ->> 'name', f.subject collate "C" limit 50) as ids`, [dayText(day), moment, words]);
	const got = [];
	for (let next = `/v1/assets?sort=name&limit=25&${then(day)}&q=${words.join('%20')}`; next && got.length < 50;) {
		const {status, json} = await reg.anyone.get(next);
		assert.equal(status, 200);
		got.push(...json.items.map(item => item.id));
		next = json.next;
	}
	assert.deepEqual(got, ids, `${words} on ${dayText(day)}`);
}

/* One look after another. → {ms: the median, worst_ms, items: of all of them} */
async function look(reg, queryOf) {
	const times = [];
	let items = 0;
	for (let i = 0; i < LOOKS; i++) {
		const begin = process.hrtime.bigint();
		const reply = await reg.anyone.get(`/v1/assets?sort=name&limit=25&${queryOf(i)}`);
		times.push(Number(process.hrtime.bigint() - begin) / 1e6);
		assert.equal(reply.status, 200, reply.text);
		items += reply.json.items.length;
	}
	return {ms: median(times), worst_ms: Math.max(...times), items};
}

const any = n => Math.floor(Math.random() * n);
const then = day => `valid_on=${dayText(day)}&known_at=${dayText(day)}T23:00:00Z`;

/* EXPLAIN of the statements in a function, as assetd_api. → texts */
async function plans(reg, day) {
	const said = [];
	await reg.cluster.session(async client => {
		client.on('notice', notice => said.push(notice.message));
		await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
			set auto_explain.log_analyze = on; set auto_explain.log_level = notice; set search_path = assetd, public; set role assetd_api`);
		await client.query(`begin; select actor_set(null, null, 'r', now(), current_date)`);
		await client.query(`select * from asset_found_at('{}', 'name', null, 26, '${dayText(day)}', '${dayText(day)}T23:00:00Z')`);
		await client.query('rollback');
	});
	return said.filter(text => /select id, sorted|lower\(f\.valid\)/.test(text));
}

const {hundredth, tenth, whole: reg, stop} = await startSizes(ASSETS, assets => startFilled(assets, {fill}));
const [{id: council}] = await reg.sql(`select id from assetd.authority where kind = 'COUNCIL' order by id limit 1`);
const [{name}] = await reg.sql('select name from assetd.asset order by id offset 7 limit 1');
try {
	for (const words of [['old', 'hall'], ['library'], ['former', 'kirk'], name.split(' ').slice(-1)])
		await assertFound(reg, words, 400);
	const rounds = await interleave({
		'any day': () => look(reg, () => then(any(DAYS))),
		'the first day': () => look(reg, () => then(0)),
		'before there was anything': () => look(reg, () => 'valid_on=2020-01-01'),
		'any day, one authority': () => look(reg, () => `${then(any(DAYS))}&authority_id=${council}`),
		'any day, two filters': () => look(reg, () => `${then(any(DAYS))}&class=HALL&decile=1,2`),
		'any day, a rare word': () => look(reg, () => `${then(any(DAYS))}&q=${name.split(' ').at(-1)}`),
		'any day, a common word': () => look(reg, () => `${then(any(DAYS))}&q=old%20hall`),
		'any day, a former word': () => look(reg, () => `${then(any(DAYS))}&q=former%20kirk%20barn`),
		'today': () => look(reg, () => ''),
		'today, a rare word': () => look(reg, () => `q=${name.split(' ').at(-1)}`),
		'today, a common word': () => look(reg, () => 'q=old%20hall'),
		'a tenth of it, any day': () => look(tenth, () => then(any(DAYS))),
		'a hundredth of it, any day': () => look(hundredth, () => then(any(DAYS))),
	}, arm => arm());
	for (const arm of Object.keys(rounds))
		say({bench: 'asof', arm, ms: short(middle(rounds, arm, 'ms')), worst_ms: short(middle(rounds, arm, 'worst_ms')),
			items: middle(rounds, arm, 'items'), assets: ASSETS, rounds: ROUNDS});
	for (const arm of Object.keys(rounds).filter(name => /^(any day|the first|before|today, )/.test(name)))
		say({bench: 'asof', against: `${MOST_MS} ms, ${arm}`, ...goal({ratio: middle(rounds, arm, 'ms') / MOST_MS, most: 1})});
	say({bench: 'asof', limit: 'the page of today', ratio: short(ratio(rounds, 'ms', 'any day', 'today')), met: true});
	say({bench: 'asof', against: 'a register of a hundredth', growth: growth(rounds, 'ms', 'a hundredth of it, any day', 'any day', 100), goal: '<= 0.2',
		met: growth(rounds, 'ms', 'a hundredth of it, any day', 'any day', 100) <= 0.2});
	for (const plan of await plans(reg, 400))
		say({bench: 'asof', plan: plan.split('\n').slice(0, 60)});
	say({bench: 'asof', note: 'rate limits are off', machine: machine()});
} finally {
	await stop();
}
