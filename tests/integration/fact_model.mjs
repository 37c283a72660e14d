// What the register believes of every single day, kept without ranges: an array with one body a day.
// A day of which nothing is known is `undefined`; null: the part is no more.

/* mulberry32: small, seedable, printed with a failure. */
export function randomOf(seed) {
	return n => {
		seed = (seed + 0x6D2B79F5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) % n;
	};
}

/* The rule, day by day: a field holds from `from` until the first day on which it was known to
   change anyway; before the first known day the rest was as on it, unless it is another thing. */
export function putModel(days, from, patch) {
	const next = [...days];
	const first = days.findIndex(d => d !== undefined);
	if (first < 0 || from < first) {
		if (patch === null)
			return next;
		const other = first >= 0 && 'id' in patch && patch.id !== (days[first] ?? patch).id;
		for (let d = from; d < (first < 0 ? days.length : first); d++)
			next[d] = first < 0 || other ? patch : {...days[first], ...patch};
		if (first < 0 || other)
			return next;
		from = first;
	}
	let live = patch && new Set(Object.keys(patch));
	for (let d = from; d < days.length; d++) {
		const changed = d > from && JSON.stringify(days[d]) !== JSON.stringify(days[d - 1]);
		if (patch === null) {
			if (changed)
				break;
			next[d] = null;
			continue;
		}
		if (changed && days[d] === null)
			break;
		if (changed)
			live = new Set([...live].filter(f => JSON.stringify(days[d][f]) === JSON.stringify((days[d - 1] ?? {})[f])));
		if (live.size === 0)
			break;
		next[d] = {...days[d], ...Object.fromEntries([...live].map(f => [f, patch[f]]))};
	}
	return next;
}

/* A row that was changed: so it is from that day on, and so it is today in any case. */
export function moveModel(days, from, today, patch) {
	const next = putModel(days, from, patch);
	return from < today ? putModel(next, today, patch) : next;
}
