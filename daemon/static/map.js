/*
 * The map that moves, in the place of the picture that the page of the map came with. It comes
 * when it is asked for, since it weighs more than the page: by its button, or by an address that
 * ends with #move.
 *
 * It shows council areas from a file and what /map/points gives for the part in view: each asset,
 * or how many lie where. Everything it says stands in the page's list too.
 */
const place = document.getElementById('map');
const MOVE = '#move';
/* What the form's choice of states calls them. */
const word = code => document.querySelector(`#f-lifecycle option[value=${code}]`).text;
const colours = {asked: '#6a2063', moving: '#a8480a', other: '#002d54'};

/* Rings of a TopoJSON file's areas: [[[lat, lon], …], …] of each. */
function outlines({arcs, transform: {scale, translate}, objects: {areas}}) {
	const lines = arcs.map(arc => {
		let x = 0, y = 0;
		return arc.map(([dx, dy]) => [(y += dy) * scale[1] + translate[1], (x += dx) * scale[0] + translate[0]]);
	});
	const ring = indexes => indexes.flatMap(i => i < 0 ? [...lines[~i]].reverse() : lines[i]);
	return areas.geometries.map(({type, arcs: of}) => (type === 'Polygon' ? [of] : of).map(polygon => polygon.map(ring)));
}

const element = (name, text, attributes = {}) => Object.assign(document.createElement(name), {textContent: text}, attributes);

/* What a click on an asset says: what its row in the list says. */
function said({id, properties: {name, lifecycle, is_requested: isRequested}}) {
	const box = element('div', '');
	const title = element('p', '');
	title.append(element('a', name, {href: `/assets/${id}`}));
	box.append(title, element('p', [word(lifecycle), ...isRequested ? [place.dataset.asked] : []].join(' · ')));
	return box;
}

const kind = ({lifecycle, is_requested: isRequested}) =>
	isRequested ? 'asked' : ['IN_USE', 'DISPOSED'].includes(lifecycle) ? 'other' : 'moving';

/* One feature as a layer. */
function mark(L, map, feature) {
	const [lon, lat] = feature.geometry.coordinates, {number} = feature.properties;
	if (number === undefined)
		return L.circleMarker([lat, lon], {radius: 7, color: '#fff', weight: 1, fillColor: colours[kind(feature.properties)], fillOpacity: 0.9})
			.on('click', () => L.popup().setLatLng([lat, lon]).setContent(said(feature)).openOn(map));
	const icon = L.divIcon({className: 'map-number', html: element('span', number.toLocaleString('en-GB')), iconSize: [48, 32]});
	const closer = () => map.setView([lat, lon], map.getZoom() + 2);
	return L.marker([lat, lon], {icon, title: place.dataset.closer}).on('click', closer)
		.on('keydown', ({originalEvent: event}) => {
			if (![' ', 'Enter'].includes(event.key))
				return;
			event.preventDefault();
			closer();
		});
}

/* The address of the page for the part in view, whose list is of that part alone. */
function addressOf(path, bounds) {
	const address = new URL(path, location.href);
	address.searchParams.set('bbox', bounds.toBBoxString().split(',').map(n => Number(n).toFixed(5)).join(','));
	return address;
}

/* Keep what is shown right for the part in view; a later move ends the question of an earlier one. */
function follow(L, map, layer, link) {
	let asked;
	return async () => {
		asked?.abort();
		asked = new AbortController();
		link.href = addressOf(place.dataset.page, map.getBounds()) + MOVE;
		try {
			const reply = await fetch(addressOf(place.dataset.points, map.getBounds()), {signal: asked.signal});
			const {features} = await reply.json();
			layer.clearLayers();
			features.forEach(feature => layer.addLayer(mark(L, map, feature)));
			place.dataset.shown = features.length;
		} catch (error) {
			if (error.name !== 'AbortError')
				throw error;
		}
	};
}

/* Style and areas first, or the map would be drawn without them. */
async function load() {
	const style = element('link', '', {rel: 'stylesheet', href: place.dataset.style});
	const styled = new Promise(done => style.addEventListener('load', done));
	document.head.append(style);
	const [areas] = await Promise.all([fetch(place.dataset.outlines).then(reply => reply.json()), import('./leaflet.js'), styled]);
	return areas;
}

async function open(button) {
	button.disabled = true;
	const areas = await load(), L = window.L, list = document.getElementById('map-list');
	const [west, south, east, north] = (place.dataset.box || '-7.7,54.6,-0.7,60.9').split(',').map(Number);
	place.replaceChildren();
	place.classList.add('moving-map');
	place.setAttribute('role', 'region');
	place.setAttribute('aria-label', place.dataset.label);
	const map = L.map(place, {preferCanvas: true, maxZoom: 18, attributionControl: false});
	L.polygon(outlines(areas), {color: '#5e5e5e', weight: 1, fillColor: '#ebebeb', fillOpacity: 1, interactive: false}).addTo(map);
	map.on('moveend', follow(L, map, L.layerGroup().addTo(map), list.querySelector('a')));
	map.fitBounds([[south, west], [north, east]], {maxZoom: 14});
	list.hidden = document.getElementById('map-key').hidden = false;
	button.remove();
	history.replaceState(null, '', MOVE);
}

const button = document.getElementById('map-open');
button.hidden = false;
button.addEventListener('click', () => open(button));
if (location.hash === MOVE)
	open(button);
