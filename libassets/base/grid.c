/*
 * WGS 84 to the National Grid and back: ellipsoid, to Earth-centred metres, Helmert, to the
 * other ellipsoid, projection. Letters are those of the Ordnance Survey's guide. Floating
 * point is fine here: nothing but a dot on a map depends on the last centimetre.
 */
#include "grid.h"

#include <math.h>

#include "err.h"

struct ellipsoid {
	double a; /* semi-major axis, metres */
	double b;
};

static const struct ellipsoid wgs84 = {6378137.000, 6356752.3141};
static const struct ellipsoid airy1830 = {6377563.396, 6356256.909};

/* Turns WGS 84 into OSGB36; metres, parts per million and seconds of arc. */
static const struct {
	double tx, ty, tz, s_ppm, rx, ry, rz;
} helmert = {-446.448, 125.157, -542.060, 20.4894, -0.1502, -0.2470, -0.8421};

static const double pi = 3.14159265358979323846;
static const double f0 = 0.9996012717;
static const double e0 = 400000.0, n0 = -100000.0;
static const double phi0_degrees = 49.0, lambda0_degrees = -2.0;

struct angle {
	double phi; /* radians */
	double lambda;
};

struct point3 {
	double x, y, z;
};

static double radians(double degrees)
{
	return degrees * pi / 180.0;
}

static double e_squared(struct ellipsoid e)
{
	return 1.0 - (e.b * e.b) / (e.a * e.a);
}

static struct point3 to_centred(struct angle at, struct ellipsoid e)
{
	double e2 = e_squared(e);
	double nu = e.a / sqrt(1.0 - e2 * sin(at.phi) * sin(at.phi));

	return (struct point3){
		.x = nu * cos(at.phi) * cos(at.lambda),
		.y = nu * cos(at.phi) * sin(at.lambda),
		.z = (1.0 - e2) * nu * sin(at.phi),
	};
}

static struct angle from_centred(struct point3 p, struct ellipsoid e)
{
	double e2 = e_squared(e);
	double r = hypot(p.x, p.y);
	double phi = atan2(p.z, r * (1.0 - e2));

	/* Each round gains two digits and more; eight are past what a double holds. */
	for (int i = 0; i < 8; i++) {
		double nu = e.a / sqrt(1.0 - e2 * sin(phi) * sin(phi));

		phi = atan2(p.z + e2 * nu * sin(phi), r);
	}
	return (struct angle){phi, atan2(p.y, p.x)};
}

/* sign 1: WGS 84 to OSGB36; -1: back, to first order, which is a millimetre here. */
static struct point3 shift(struct point3 p, double sign)
{
	double s = sign * helmert.s_ppm * 1e-6;
	double rx = sign * radians(helmert.rx / 3600.0);
	double ry = sign * radians(helmert.ry / 3600.0);
	double rz = sign * radians(helmert.rz / 3600.0);

	return (struct point3){
		.x = sign * helmert.tx + (1.0 + s) * p.x - rz * p.y + ry * p.z,
		.y = sign * helmert.ty + rz * p.x + (1.0 + s) * p.y - rx * p.z,
		.z = sign * helmert.tz - ry * p.x + rx * p.y + (1.0 + s) * p.z,
	};
}

/* Developed arc of the meridian from phi0 to phi, M of annex C. */
static double meridian(double phi)
{
	double n = (airy1830.a - airy1830.b) / (airy1830.a + airy1830.b);
	double d = phi - radians(phi0_degrees);
	double s = phi + radians(phi0_degrees);

	return airy1830.b * f0 *
	       ((1.0 + n + 1.25 * n * n + 1.25 * n * n * n) * d -
		(3.0 * n + 3.0 * n * n + 2.625 * n * n * n) * sin(d) * cos(s) +
		(1.875 * n * n + 1.875 * n * n * n) * sin(2.0 * d) * cos(2.0 * s) -
		35.0 / 24.0 * n * n * n * sin(3.0 * d) * cos(3.0 * s));
}

/* The two radii of curvature and their ratio, at a latitude. */
struct curvature {
	double nu, rho, eta2;
};

static struct curvature curvature(double phi)
{
	double e2 = e_squared(airy1830);
	double t = 1.0 - e2 * sin(phi) * sin(phi);
	double nu = airy1830.a * f0 / sqrt(t);
	double rho = airy1830.a * f0 * (1.0 - e2) / (t * sqrt(t));

	return (struct curvature){nu, rho, nu / rho - 1.0};
}

static void project(struct angle at, double *ret_e, double *ret_n)
{
	struct curvature c = curvature(at.phi);
	double cos1 = cos(at.phi), cos3 = cos1 * cos1 * cos1, cos5 = cos3 * cos1 * cos1;
	double t2 = tan(at.phi) * tan(at.phi), t4 = t2 * t2;
	double d = at.lambda - radians(lambda0_degrees), d2 = d * d;
	double i = meridian(at.phi) + n0;
	double ii = c.nu / 2.0 * sin(at.phi) * cos1;
	double iii = c.nu / 24.0 * sin(at.phi) * cos3 * (5.0 - t2 + 9.0 * c.eta2);
	double iiia = c.nu / 720.0 * sin(at.phi) * cos5 * (61.0 - 58.0 * t2 + t4);
	double iv = c.nu * cos1;
	double v = c.nu / 6.0 * cos3 * (c.nu / c.rho - t2);
	double vi =
		c.nu / 120.0 * cos5 * (5.0 - 18.0 * t2 + t4 + 14.0 * c.eta2 - 58.0 * t2 * c.eta2);

	*ret_n = i + d2 * (ii + d2 * (iii + d2 * iiia));
	*ret_e = e0 + d * (iv + d2 * (v + d2 * vi));
}

static struct angle unproject(double easting, double northing)
{
	double phi = radians(phi0_degrees);
	double e = easting - e0, e2 = e * e;
	struct curvature c;
	double t, t2, sec, nu3, nu5, nu7, vii, viii, ix, x, xi, xii, xiia;

	/* Converges by a factor of about a thousand each round; a hundredth of a millimetre. */
	for (int i = 0; i < 10; i++) {
		double rest = northing - n0 - meridian(phi);

		phi += rest / (airy1830.a * f0);
		if (fabs(rest) < 0.00001)
			break;
	}
	c = curvature(phi);
	t = tan(phi);
	t2 = t * t;
	sec = 1.0 / cos(phi);
	nu3 = c.nu * c.nu * c.nu;
	nu5 = nu3 * c.nu * c.nu;
	nu7 = nu5 * c.nu * c.nu;
	vii = t / (2.0 * c.rho * c.nu);
	viii = t / (24.0 * c.rho * nu3) * (5.0 + 3.0 * t2 + c.eta2 - 9.0 * t2 * c.eta2);
	ix = t / (720.0 * c.rho * nu5) * (61.0 + 90.0 * t2 + 45.0 * t2 * t2);
	x = sec / c.nu;
	xi = sec / (6.0 * nu3) * (c.nu / c.rho + 2.0 * t2);
	xii = sec / (120.0 * nu5) * (5.0 + 28.0 * t2 + 24.0 * t2 * t2);
	xiia = sec / (5040.0 * nu7) * (61.0 + 662.0 * t2 + 1320.0 * t2 * t2 + 720.0 * t2 * t2 * t2);
	return (struct angle){
		.phi = phi - e2 * (vii - e2 * (viii - e2 * ix)),
		.lambda = radians(lambda0_degrees) + e * (x - e2 * (xi - e2 * (xii - e2 * xiia))),
	};
}

static bool is_on_grid(double easting, double northing)
{
	return easting >= 0.0 && easting <= (double)GRID_EASTING_MAX && northing >= 0.0 &&
	       northing <= (double)GRID_NORTHING_MAX;
}

int grid_of_degrees(struct grid_degrees d, struct grid_point *ret_point)
{
	struct angle at = {radians((double)d.lat_e7 / (double)GRID_E7),
			   radians((double)d.lon_e7 / (double)GRID_E7)};
	double e, n;

	/* The series is only good near the grid, and would wrap far away from it. */
	if (d.lat_e7 < 49LL * GRID_E7 || d.lat_e7 > 62LL * GRID_E7 || d.lon_e7 < -10LL * GRID_E7 ||
	    d.lon_e7 > 4LL * GRID_E7)
		return ERR_RANGE;
	at = from_centred(shift(to_centred(at, wgs84), 1.0), airy1830);
	project(at, &e, &n);
	e = round(e);
	n = round(n);
	if (!is_on_grid(e, n))
		return ERR_RANGE;
	*ret_point = (struct grid_point){(int32_t)e, (int32_t)n};
	return 0;
}

int grid_to_degrees(struct grid_point p, struct grid_degrees *ret_degrees)
{
	struct angle at;

	if (!is_on_grid(p.easting, p.northing))
		return ERR_RANGE;
	at = unproject(p.easting, p.northing);
	at = from_centred(shift(to_centred(at, airy1830), -1.0), wgs84);
	*ret_degrees = (struct grid_degrees){
		.lat_e7 = llround(at.phi * 180.0 / pi * 1e5) * (GRID_E7 / 100000),
		.lon_e7 = llround(at.lambda * 180.0 / pi * 1e5) * (GRID_E7 / 100000),
	};
	return 0;
}

bool grid_is_near(struct grid_point a, struct grid_point b)
{
	return labs((long)a.easting - b.easting) <= GRID_OFF_M &&
	       labs((long)a.northing - b.northing) <= GRID_OFF_M;
}
