//! Great-circle distances between geometries, in metres on a sphere of the Earth's mean radius.

use dinh_model::Geometry;
use geo::{Coord, CoordsIter as _, Intersects as _, LinesIter as _, Rect};

use super::relation::globe;

/// Mean radius of the Earth in metres (IUGG).
const RADIUS: f64 = 6_371_008.8;

/// A place on the unit sphere.
type Place = [f64; 3];

/// Metres between the nearest points of two geometries, zero where they meet. With `enough` given the search may stop
/// at the first distance not above it: the answer is then a distance that occurs, not always the smallest.
///
/// Geometries that do not meet are nearest at a vertex of one of them, so the vertices of each are measured against
/// the edges of the other.
pub fn metres_between(a: &Geometry, b: &Geometry, enough: Option<f64>) -> f64 {
    if a.intersects(b) {
        return 0.0;
    }
    let (a, b) = (Parts::of(a), Parts::of(b));
    let enough = enough.map_or(0.0, |metres| metres / RADIUS);
    let there = a.nearest(&b, enough);
    let angle = if there <= enough { there } else { there.min(b.nearest(&a, enough)) };
    angle * RADIUS
}

struct Parts {
    vertices: Vec<Place>,
    edges: Vec<(Place, Place)>,
}

impl Parts {
    fn of(geometry: &Geometry) -> Self {
        let edges: Vec<(Place, Place)> = match geometry {
            Geometry::LineString(line) => edges(line.lines()),
            Geometry::MultiLineString(lines) => edges(lines.lines_iter()),
            Geometry::Polygon(polygon) => edges(polygon.lines_iter()),
            Geometry::MultiPolygon(polygons) => edges(polygons.lines_iter()),
            _ => Vec::new(),
        };
        Self { vertices: geometry.coords_iter().map(place).collect(), edges }
    }

    /// Angle from the nearest of these vertices to the other geometry.
    fn nearest(&self, other: &Self, enough: f64) -> f64 {
        let mut best = f64::INFINITY;
        for vertex in &self.vertices {
            let here = if other.edges.is_empty() {
                other.vertices.iter().map(|place| angle(*vertex, *place)).fold(f64::INFINITY, f64::min)
            } else {
                other.edges.iter().map(|(a, b)| angle_to_edge(*vertex, *a, *b)).fold(f64::INFINITY, f64::min)
            };
            best = best.min(here);
            if best <= enough {
                break;
            }
        }
        best
    }
}

/// Longest edge, in degrees, that is taken for the arc of a great circle. Edges are straight in longitude and
/// latitude (RFC 7946 section 3.1.1), so longer ones are cut into pieces.
const PIECE: f64 = 0.25;
/// Most pieces of one geometry.
const PIECES: usize = 20_000;

fn edges(lines: impl Iterator<Item = geo::Line<f64>>) -> Vec<(Place, Place)> {
    let mut edges = Vec::new();
    for line in lines {
        let longest = line.dx().abs().max(line.dy().abs());
        let pieces = if edges.len() < PIECES { pieces(longest) } else { 1 };
        let mut from = place(line.start);
        for piece in 1..=pieces {
            let share = f64::from(piece) / f64::from(pieces);
            let to = place(line.start + line.delta() * share);
            edges.push((from, to));
            from = to;
        }
    }
    edges
}

/// Into how many pieces to cut an edge: at most 1440, for an edge around the globe.
fn pieces(longest: f64) -> u16 {
    (1..1440).find(|pieces| longest <= f64::from(*pieces) * PIECE).unwrap_or(1440)
}

fn place(at: Coord<f64>) -> Place {
    let (lon, lat) = (at.x.to_radians(), at.y.to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

fn dot(a: Place, b: Place) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: Place, b: Place) -> Place {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn length(a: Place) -> f64 {
    dot(a, a).sqrt()
}

fn angle(a: Place, b: Place) -> f64 {
    length(cross(a, b)).atan2(dot(a, b))
}

fn angle_to_edge(p: Place, a: Place, b: Place) -> f64 {
    let normal = cross(a, b);
    let size = length(normal);
    // The foot of the perpendicular lies on the edge if it is past `a` towards `b` and past `b` towards `a`.
    let on_edge = size > 1e-15 && dot(cross(normal, a), p) > 0.0 && dot(cross(b, normal), p) > 0.0;
    if on_edge { (dot(normal, p) / size).abs().min(1.0).asin() } else { angle(p, a).min(angle(p, b)) }
}

/// `frame` widened by so many metres to every side; from pole to pole or all around where it reaches that far.
pub(super) fn widened(frame: Rect<f64>, metres: f64) -> Rect<f64> {
    let spread = (metres / RADIUS).to_degrees() * 1.000_001;
    let (south, north) = (frame.min().y - spread, frame.max().y + spread);
    if south <= -90.0 || north >= 90.0 {
        let (south, north) = (south.max(-90.0), north.min(90.0));
        return Rect::new(Coord { x: -180.0, y: south }, Coord { x: 180.0, y: north });
    }
    let highest = south.abs().max(north.abs()).to_radians();
    let ratio = (metres / RADIUS).min(std::f64::consts::FRAC_PI_2).sin() / highest.cos();
    if ratio >= 1.0 {
        let all = globe();
        return Rect::new(Coord { x: all.min().x, y: south }, Coord { x: all.max().x, y: north });
    }
    let sideways = ratio.asin().to_degrees() * 1.000_001;
    let (west, east) = (frame.min().x - sideways, frame.max().x + sideways);
    if west < -180.0 || east > 180.0 {
        return Rect::new(Coord { x: -180.0, y: south }, Coord { x: 180.0, y: north });
    }
    Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north })
}
