// The demonstration register as plain objects: pure, from a seed, so that it is the same
// everywhere. Dates are relative to `today` (YYYY-MM-DD). Loading is load's business.

const SEED = 20150724; // the day the Act received Royal Assent, as good a number as any

/** A small seeded generator (mulberry32): uniform in [0, 1). */
function randomFrom(seed) {
	let a = seed >>> 0;
	return () => {
		a = (a + 0x6d2b79f5) >>> 0;
		let t = Math.imul(a ^ (a >>> 15), a | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

const pick = (random, list) => list[Math.floor(random() * list.length)];
const between = (random, low, high) => low + Math.floor(random() * (high - low + 1));

/** `today` moved by days, or by whole months (clamped to the month's end). */
export function day(today, { days = 0, months = 0 }) {
	const [y, m, d] = today.split('-').map(Number);
	const first = new Date(Date.UTC(y, m - 1 + months, 1));
	const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0));
	first.setUTCDate(Math.min(d, last.getUTCDate()) + days);
	return first.toISOString().slice(0, 10);
}

// Kind, name after the place, who owns such things, value range in thousands of pounds, area in m².
const KINDS = [
	['HALL', 'Village Hall', 'COUNCIL', 60, 220, [250, 900]],
	['HALL', 'Community Centre', 'COUNCIL', 90, 380, [400, 1600]],
	['LIBRARY', 'Library', 'COUNCIL', 120, 450, [200, 1200]],
	['LODGE', 'Park Lodge', 'COUNCIL', 80, 190, [90, 240]],
	['DEPOT', 'Roads Depot', 'COUNCIL', 150, 900, [1500, 9000]],
	['WOODLAND', 'Woodland', 'COUNCIL', 15, 120, [8000, 240000]],
	['CAR_PARK', 'Car Park', 'COUNCIL', 40, 310, [600, 4200]],
	['SCHOOL', 'Former Primary School', 'COUNCIL', 180, 850, [1800, 9000]],
	['OFFICE', 'Area Office', 'COUNCIL', 140, 700, [300, 2600]],
	['SPORTS_GROUND', 'Playing Field', 'COUNCIL', 20, 160, [6000, 30000]],
	['ALLOTMENT', 'Allotments', 'COUNCIL', 10, 60, [1200, 8000]],
	['PUBLIC_TOILET', 'Public Toilets', 'COUNCIL', 8, 45, [40, 120]],
	['HEALTH_CENTRE', 'Health Centre', 'HEALTH_BOARD', 250, 1200, [600, 3200]],
	['HOSPITAL_LAND', 'Former Cottage Hospital', 'HEALTH_BOARD', 300, 1900, [4000, 26000]],
	['CLINIC', 'Clinic', 'HEALTH_BOARD', 90, 420, [200, 900]],
	['STAFF_HOUSE', 'Nurses’ Home', 'HEALTH_BOARD', 110, 520, [300, 1400]],
];

export const AUTHORITIES = [
	{ key: 'glenfirth', code: 'DEMO-1', kind: 'COUNCIL', name: 'Glenfirth Council (not a real body)', area: 'S12000030' },
	{ key: 'strathlinn', code: 'DEMO-2', kind: 'COUNCIL', name: 'Strathlinn Council (not a real body)', area: 'S12000014' },
	{ key: 'ochilmuir', code: 'DEMO-3', kind: 'COUNCIL', name: 'Ochilmuir Council (not a real body)', area: 'S12000005' },
	{ key: 'board', code: 'DEMO-4', kind: 'HEALTH_BOARD', name: 'NHS Glen and Strath (not a real body)', area: null },
];
export const IMPORT_AUTHORITY = {
	key: 'import', code: 'DEMO-5', kind: 'OTHER', name: 'Demonstration import (English data)',
};
export const CPPS = [
	{ key: 'glen', code: 'DEMO-CPP-1', name: 'Glen Community Planning Partnership (not a real body)', partners: ['glenfirth', 'board'] },
	{ key: 'strath', code: 'DEMO-CPP-2', name: 'Strath Community Planning Partnership (not a real body)', partners: ['strathlinn', 'ochilmuir', 'board'] },
];
const CPP_OF_AREA = { S12000030: 'glen', S12000014: 'strath', S12000005: 'strath' };

/** The largest ring of an SVG path of M, L and Z, as grid metres. */
function outline(d) {
	const rings = d.split('M').filter(Boolean).map((ring) =>
		ring.replace(/Z/g, '').split('L').map((pair) => {
			const [x, y] = pair.trim().split(/[ ,]+/).map(Number);
			return [x * 100, 1225000 - y * 100];
		}));
	return rings.sort((a, b) => b.length - a.length)[0];
}

/** Is a point inside a ring? The even-odd rule. */
export function inside(ring, [x, y]) {
	let is = false;
	for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
		const [xi, yi] = ring[i];
		const [xj, yj] = ring[j];
		if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) is = !is;
	}
	return is;
}

function pointIn(random, ring, near) {
	const xs = ring.map((p) => p[0]);
	const ys = ring.map((p) => p[1]);
	for (let tries = 0; tries < 10000; tries++) {
		const at = near
			? [near[0] + (random() - 0.5) * 4000, near[1] + (random() - 0.5) * 4000]
			: [Math.min(...xs) + random() * (Math.max(...xs) - Math.min(...xs)),
				Math.min(...ys) + random() * (Math.max(...ys) - Math.min(...ys))];
		if (inside(ring, at)) return at.map(Math.round);
	}
	throw new Error('no point found inside the outline');
}

/** Localities: some intermediate zones of each area, with a centre for their assets. */
function localities(random, areas, zones) {
	const list = [];
	for (const { area } of AUTHORITIES.filter((a) => a.area)) {
		const ring = outline(areas.find((a) => a.code === area).d);
		const byName = new Map();
		for (const z of zones.filter((z) => z.council_code === area)) {
			if (!byName.has(z.intermediate_zone)) byName.set(z.intermediate_zone, []);
			byName.get(z.intermediate_zone).push(z);
		}
		const names = [...byName.keys()].sort();
		for (let i = 0; i < Math.min(10, names.length); i++) {
			const name = names[Math.floor((i * names.length) / Math.min(10, names.length))];
			list.push({
				code: `DEMO-${area}-${String(i + 1).padStart(2, '0')}`, name, area, ring,
				cpp: CPP_OF_AREA[area], centre: pointIn(random, ring), zones: byName.get(name),
			});
		}
	}
	return list;
}

function assets(random, places) {
	const list = [];
	const seen = new Map();
	const councils = Object.fromEntries(AUTHORITIES.filter((a) => a.area).map((a) => [a.area, a.key]));
	for (let n = 0; n < 400; n++) {
		const place = pick(random, places);
		const kind = n === 0 ? KINDS[0] : pick(random, KINDS);
		const [cls, word, owner, low, high, [least, most]] = kind;
		const base = `${place.name.replace(/ and .*/, '')} ${word}`;
		const again = (seen.get(base) ?? 0) + 1;
		seen.set(base, again);
		const [easting, northing] = pointIn(random, place.ring, place.centre);
		const authority = owner === 'COUNCIL' ? councils[place.area] : 'board';
		list.push({
			key: `a${n}`, authority, place,
			value_pence: between(random, low, high) * 100000,
			fields: {
				reference: `${authority.slice(0, 2).toUpperCase()}-${String(n + 1).padStart(4, '0')}`,
				name: again === 1 ? base : `${base} ${again}`,
				class: cls,
				tenure: random() < 0.93 ? 'OWNED' : 'LEASED_IN',
				address: `${between(random, 1, 140)} ${pick(random, ['Main Street', 'Station Road', 'Church Road', 'Mill Lane', 'School Brae', 'High Street', 'Manse Road'])}, ${place.name}`,
				data_zone: pick(random, place.zones).data_zone,
				locality_code: place.code,
				easting, northing,
				area_m2: between(random, least, most),
			},
		});
	}
	return list;
}

const STAGES = ['IDENTIFIED', 'SURPLUS', 'PREPARING', 'MARKETING', 'UNDER_OFFER', 'MISSIVES'];

const BODIES = [
	['Community Development Trust', 'COMPANY'], ['Hall Committee', 'SCIO'],
	['Woodland Group', 'SCIO'], ['Community Sports Hub', 'BENCOM'],
	['Residents’ Association', 'UNINCORPORATED'], ['Heritage Trust', 'SCIO'],
];

/** How far each request goes: the last state, or NOTIFIED and what time has made of that; months ago that it was received. */
const JOURNEYS = [
	['RECEIVED', 0], ['RECEIVED', 1], ['NOTIFIED', 1], ['NOTIFIED', 3], ['VALIDATED', 5],
	['AGREED', 7], ['AGREED', 9], ['REFUSED', 6], ['OFFER_MADE', 10], ['OFFER_MADE', 11],
	['CONTRACT_CONCLUDED', 14], ['COMPLETED', 18], ['COMPLETED', 20], ['WITHDRAWN', 4],
	['VALIDATED', 2], ['RECEIVED', 0],
];

/** How each matter of section 82(3) was weighed. */
const MATTERS = [
	['A', 'The reasons given are those of the people who use the place.'],
	['B', 'The accounts and the plan of work bear the request out.'],
	['C1', 'Two part-time posts are likely to follow.'],
	['C2', 'A building that stood half empty is to be used all week.'],
	['C3', 'Classes and a lunch club are planned.'],
	['C4', 'It gives people of all ages somewhere to meet.'],
	['C5', 'Heating and insulation are to be renewed.'],
	['D', 'What is offered is to be free for those who could not pay.'],
	['E', 'None beside these.'],
	['F', 'The alternative was to go on as now, at a cost and with little use.'],
	['G', 'The benefits outweigh those of the alternative.'],
	['H', 'No function of ours needs the land.'],
	['I', 'Not relevant: no burden on the title prevents it.'],
	['J', 'Nothing else is relevant.'],
].map(([matter, text]) => ({ matter, text }));

/** The moves of a request from the day it was received on, oldest first. */
function moves(today, state, received, offer) {
	const at = (months, days = 0) => {
		const on = day(received, { months, days });
		return on > today ? today : on;
	};
	const all = [
		{ event: 'VALIDATE', on: received, acknowledged_on: received },
		{ event: 'NOTICES_ISSUED', on: received, representations_close_on: day(received, { months: 2 }) },
		{ event: 'AGREE', on: at(4), terms: 'As asked for.', offer_by_on: day(at(4), { months: 6, days: 1 }), price_pence: offer,
			matters: MATTERS },
		{ event: 'OFFER', on: at(6), price_pence: offer },
		{ event: 'CONCLUDE_CONTRACT', on: at(9), price_pence: offer },
		{ event: 'COMPLETE', on: at(11), price_pence: offer, cost_pence: 120000 },
	];
	const last = ['VALIDATED', 'NOTIFIED', 'AGREED', 'OFFER_MADE', 'CONTRACT_CONCLUDED', 'COMPLETED'].indexOf(state);
	if (state === 'REFUSED')
		return [all[0], all[1], { event: 'REFUSE', on: at(5), grounds: [{ matter: 'A', text: 'The building is still needed for the service it houses.' }] }];
	if (state === 'WITHDRAWN') return [all[0], { event: 'WITHDRAW', on: at(2) }];
	return all.slice(0, last + 1);
}

function plansAndRequests(random, today, list) {
	const owned = list.filter((a) => a.fields.tenure === 'OWNED');
	const chosen = [owned.find((a) => a.fields.class === 'HALL')];
	for (let i = 0; chosen.length < 60; i = (i + 7) % owned.length) {
		if (!chosen.includes(owned[i])) chosen.push(owned[i]);
		else i = (i + 1) % owned.length;
	}
	const plans = [];
	const requests = [];
	const bodies = [];
	chosen.forEach((asset, i) => {
		asset.valued_on = day(today, { months: -between(random, 0, 16) });
		asset.owners = i % 11 === 5
			? [{ authority: asset.authority, units: 2 }, { authority: asset.authority === 'board' ? 'glenfirth' : 'board', units: 1 }]
			: null;
		if (i < 48) {
			plans.push({
				asset: asset.key,
				fields: { method: i % 9 === 8 ? 'LEASE' : 'SALE', stage: STAGES[i % STAGES.length],
					planned_on: day(today, { months: between(random, 2, 40) }),
					lease: i % 9 === 8 ? { rent_pa_pence: 900000, premium_pence: 0, term_months: 120, rent_free_months: 3, class: 'OPERATING' } : undefined },
			});
		}
		const journey = i === 0 ? ['VALIDATED', 0] : i % 3 === 1 ? JOURNEYS[((i - 1) / 3) % JOURNEYS.length] : null;
		if (!journey) return;
		const [word, form] = BODIES[i % BODIES.length];
		const place = asset.place.name.replace(/ and .*/, '');
		const name = `${place} ${word} (made up ${i + 1})`;
		bodies.push({ key: `b${i}`, name, legal_form: form, members: between(random, 20, 140) });
		const received = i === 0 ? today : day(today, { months: -journey[1], days: -between(random, 1, 20) });
		const offer = Math.round(asset.value_pence * pick(random, [0, 0.1, 0.25, 0.4])) || 100;
		const kind = form === 'UNINCORPORATED' ? 'LEASE' : 'OWNERSHIP';
		requests.push({
			key: `r${i}`, asset: asset.key, body: `b${i}`,
			fields: { kind, received_on: received,
				...(kind === 'OWNERSHIP' ? { offer_pence: offer } : { lease: { rent_pa_pence: 100, premium_pence: 0, term_months: 300, rent_free_months: 0, class: 'OPERATING', market_rent_pa_pence: 600000 } }),
				benefit_pence: between(random, 20, 300) * 100000, benefit_score: between(random, 1, 5),
				reasons: `To keep ${asset.fields.name} in use for the people of ${place}.`,
				benefits: 'A warm place to meet, classes, a café run by volunteers.' },
			moves: moves(today, journey[0], received, offer),
		});
	});
	return { plans, requests, bodies, valued: chosen };
}

/** Everything, in the order in which it is loaded. */
export function generate({ today, areas, zones, seed = SEED }) {
	const random = randomFrom(seed);
	const places = localities(random, areas, zones);
	const list = assets(random, places);
	return { authorities: AUTHORITIES, cpps: CPPS, localities: places, assets: list, ...plansAndRequests(random, today, list) };
}
