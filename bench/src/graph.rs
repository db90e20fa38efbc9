//! The large graph: sensors spread evenly over a province, loaded through `dinh load`.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{Packs, Server};
use tokio::process::Command;

use crate::options::{Options, Part};
use crate::report::{Report, Row, say};

/// The south-western corner.
const CORNER: (f64, f64) = (106.5, 15.5);
/// Zoom level at which a tile holds about a thousand sensors.
pub(crate) const ZOOM: u32 = 13;
/// Size of a tile at that zoom level, in degrees at this latitude: 360 / 2^13, and that times the cosine of 16°.
const TILE: (f64, f64) = (0.043_945, 0.042_242);
/// Sensors wanted in a tile.
const PER_TILE: f64 = 1000.0;

/// The loaded graph.
#[derive(Debug)]
pub(crate) struct Graph {
    /// How many sensors.
    pub(crate) entities: u32,
    /// The data folder.
    pub(crate) data: PathBuf,
    packs: Packs,
    /// Width and height of the region in degrees.
    side: (f64, f64),
}

/// The type's schema: the level is indexed, so that queries on it have something to find by.
const SENSOR: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Sensor",
  "type": "object",
  "x-dinh": {
    "title": {"vi": "Cảm biến", "en": "Sensor"}, "plural": {"vi": "Cảm biến", "en": "Sensors"},
    "description": {"vi": "Để đo hiệu năng", "en": "For measuring"}, "icon": "gauge", "label": "name", "privacy": "open"
  },
  "properties": {
    "name": {"type": "string", "x-dinh": {"title": {"vi": "Tên", "en": "Name"}, "search": true}},
    "serial": {"type": "integer", "x-dinh": {"title": {"vi": "Số hiệu", "en": "Serial"}, "index": true}},
    "level": {"type": "number", "x-dinh": {"title": {"vi": "Mức", "en": "Level"}, "unit": {"code": "MTR", "symbol": "m"}}},
    "location": {"x-dinh": {"title": {"vi": "Vị trí", "en": "Location"}, "kind": "GeoProperty"}}
  }
}
"#;

/// The map layer of the sensors.
const LAYER: &str = r#"
title = { vi = "Cảm biến", en = "Sensors" }
group = { vi = "Đo hiệu năng", en = "Measuring" }
order = 1
visible = true
types = ["Sensor"]
geometry = "location"
shape = "point"
icon = "circle"
min_zoom = 6
label = "name"
[value]
attribute = "level"
unit = "m"
digits = 1
stale_after = "8760h"
[[class]]
max = 5.0
colour = "ok"
shape = "circle"
title = { vi = "Thấp", en = "Low" }
[[class]]
min = 5.0
colour = "danger"
shape = "triangle"
title = { vi = "Cao", en = "High" }
"#;

impl Graph {
    /// Finds the graph of an earlier run, or makes and loads a new one.
    pub(crate) async fn prepare(options: &Options, report: &mut Report) -> Result<Self> {
        let folder = options.work_folder()?;
        let scale = (f64::from(options.entities) / PER_TILE).sqrt();
        let graph = Self {
            entities: options.entities,
            data: folder.join(format!("graph-{}", options.entities)),
            packs: Packs::new()?,
            side: (TILE.0 * scale, TILE.1 * scale),
        };
        graph.packs.write("thu/types/Sensor.json", SENSOR)?;
        graph.packs.write("thu/layers/sensors.toml", LAYER)?;
        let finished = folder.join(format!("graph-{}.finished", options.entities));
        if finished.exists() && !options.only.contains(&Part::Load) {
            say(&format!("Using the graph in {}", graph.data.display()));
        } else {
            drop(std::fs::remove_file(&finished));
            drop(std::fs::remove_dir_all(&graph.data));
            graph.load(&folder, report).await?;
            File::create(finished)?;
        }
        Ok(graph)
    }

    async fn load(&self, folder: &Path, report: &mut Report) -> Result<()> {
        say(&format!("Writing and loading {} entities", self.entities));
        let file = folder.join("sensors.ndjson");
        let mut out = BufWriter::new(File::create(&file)?);
        for number in 0..self.entities {
            writeln!(out, "{}", self.sensor(number, f64::from(number % 100) / 10.0)?)?;
        }
        out.flush()?;
        drop(out);
        // One start, so that the packs declare their indexes before the load and not after it.
        self.serve().await?.stop().await?;
        let begun = Instant::now();
        let status = Command::new(dinh_e2e::dinh()?)
            .args(["load", "--tenant", self.packs.tenant(), "--data"].map(OsStr::new))
            .args([self.data.as_os_str(), file.as_os_str()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .await?;
        ensure!(status.success(), "dinh load failed: {status}");
        let per_second = f64::from(self.entities) / begun.elapsed().as_secs_f64();
        report.add(Row::figure(format!("dinh load of {} entities", self.entities), per_second, "entities/s"));
        std::fs::remove_file(file).context("removing the file that was loaded")
    }

    /// Starts a server on the graph.
    pub(crate) async fn serve(&self) -> Result<Server> {
        Server::start_in(&self.data, &["--packs".as_ref(), self.packs.path().as_os_str()]).await
    }

    /// The tenant of the graph.
    pub(crate) fn tenant(&self) -> &str {
        self.packs.tenant()
    }

    /// The identifier of a sensor.
    pub(crate) fn id(number: u32) -> String {
        format!("urn:ngsi-ld:Sensor:{number:07}")
    }

    /// Longitude and latitude of a sensor: spread evenly by two irrational steps, the same in every run.
    fn place(&self, number: u32) -> (f64, f64) {
        let spread = |step: f64| (f64::from(number) * step).fract();
        let (x, y) = (spread(0.754_877_666_246_692_8), spread(0.569_840_290_998_053_3));
        (CORNER.0 + x * self.side.0, CORNER.1 + y * self.side.1)
    }

    fn sensor(&self, number: u32, level: f64) -> Result<String> {
        let (lon, lat) = self.place(number);
        let mut text = String::with_capacity(512);
        write!(
            text,
            r#"{{"id":"{}","type":"Sensor","name":{{"type":"Property","value":"Cảm biến {number}"}},"serial":{{"type":"Property","value":{number}}},"level":{{"type":"Property","value":{level},"unitCode":"MTR","observedAt":"2026-10-01T00:00:00Z"}},"status":{{"type":"Property","value":"ok"}},"location":{{"type":"GeoProperty","value":{{"type":"Point","coordinates":[{lon:.6},{lat:.6}]}}}}}}"#,
            Self::id(number)
        )?;
        Ok(text)
    }

    /// A box of about `wanted` sensors around one of them: west, south, east, north.
    pub(crate) fn area_around(&self, number: u32, wanted: f64) -> [f64; 4] {
        let share = (wanted / f64::from(self.entities)).sqrt();
        let (width, height) = (self.side.0 * share, self.side.1 * share);
        let (lon, lat) = self.place(number);
        // Kept inside the region, so that the box is full.
        let west = (lon - width / 2.0).clamp(CORNER.0, CORNER.0 + self.side.0 - width);
        let south = (lat - height / 2.0).clamp(CORNER.1, CORNER.1 + self.side.1 - height);
        [west, south, west + width, south + height]
    }

    /// Column and row of the tile at [`ZOOM`] that holds a sensor.
    pub(crate) fn tile_of(&self, number: u32) -> (u32, u32) {
        let (lon, lat) = self.place(number);
        let tiles = f64::from(1_u32 << ZOOM);
        let phi = lat.to_radians();
        let (x, y) =
            ((lon + 180.0) / 360.0, (1.0 - (phi.tan() + 1.0 / phi.cos()).ln() / std::f64::consts::PI) / 2.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a tile number is small and positive"
        )]
        let whole = |share: f64| (share * tiles) as u32;
        (whole(x), whole(y))
    }
}
