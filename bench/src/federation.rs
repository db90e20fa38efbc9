//! A question that other brokers answer too: what the house adds to the time of the slowest of them.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use dinh_e2e::{Api, Method, Server, Source};
use serde_json::{Value, json};

use crate::options::Options;
use crate::report::{Report, Row, say};
use crate::samples::Samples;

/// Registrations.
const REGISTRATIONS: usize = 1_000;
/// Those that the question concerns.
const MATCHING: usize = 34;
/// How long the slowest source takes, in milliseconds; the others take less.
const SLOWEST: u64 = 100;
/// Entities that each source tells of.
const ENTITIES: usize = 20;

/// Asks in turns the house, and the slowest source by itself.
pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<()> {
    say(&format!("Asking {MATCHING} other brokers of {REGISTRATIONS}"));
    let server = Server::start().await?;
    let api = server.api()?;
    for number in 0..ENTITIES {
        api.create(&vehicle("here", number)).await?;
    }
    let mut sources = Vec::new();
    for number in 1..=MATCHING {
        let share = u64::try_from(number)? * SLOWEST / u64::try_from(MATCHING)?;
        sources.push(source(Duration::from_millis(share), number).await?);
    }
    for number in 0..REGISTRATIONS {
        // Those that match lie scattered among the others, each of which is about a type of its own.
        let step = REGISTRATIONS / MATCHING;
        let matching = sources.get(number / step).filter(|_| number % step == 0);
        let (name, url) = match matching {
            Some(source) => ("Vehicle".to_owned(), source.url()),
            None => (format!("Other{number}"), "http://127.0.0.1:9".to_owned()),
        };
        let registration = json!({"type": "ContextSourceRegistration", "endpoint": url,
            "information": [{"entities": [{"type": name}]}]});
        api.post("/ngsi-ld/v1/csourceRegistrations", &registration).await?.expect(201)?;
    }
    let slowest = Api::new(&sources.last().map(Source::url).unwrap_or_default(), None)?;
    let (mut whole, mut alone) = (Samples::default(), Samples::default());
    for round in 0..options.requests.clamp(20, 200) + 3 {
        for (api, samples) in [(&slowest, &mut alone), (&api, &mut whole)] {
            let begun = Instant::now();
            let reply = api.get("/ngsi-ld/v1/entities?type=Vehicle&limit=1000").await?.expect(200)?;
            let took = begun.elapsed();
            // The first ones open the connections.
            if round >= 3 {
                samples.add(took);
            }
            let found = reply.json()?.as_array().map_or(0, Vec::len);
            let expected =
                if std::ptr::eq(api, &raw const slowest) { ENTITIES } else { ENTITIES * (MATCHING + 1) };
            ensure!(found == expected, "{found} entities");
        }
    }
    for (share, name) in [(0.5, "median"), (0.95, "p95")] {
        let (whole, alone) = (whole.percentile(share), alone.percentile(share));
        let name = format!("{MATCHING} of {REGISTRATIONS} sources asked: added to the slowest, {name}");
        let row = Row::under(name, whole - alone, "ms", 20.0).beside(alone, "the slowest source");
        report.add(row);
    }
    Ok(())
}

async fn source(after: Duration, number: usize) -> Result<Source> {
    let source = Source::slow(after).await?;
    let name = format!("s{number}");
    let all: Vec<Value> = (0..ENTITIES).map(|number| vehicle(&name, number)).collect();
    source.say(&Method::GET, "/ngsi-ld/v1/entities?", 200, Some(&Value::from(all)));
    Ok(source)
}

/// An entity with five attributes.
fn vehicle(place: &str, number: usize) -> Value {
    let property = |value: Value| json!({"type": "Property", "value": value});
    json!({
        "id": format!("urn:ngsi-ld:Vehicle:{place}:{number}"), "type": "Vehicle",
        "speed": {"type": "Property", "value": 40 + number, "unitCode": "KMH", "observedAt": "2026-11-01T00:00:00Z"},
        "brandName": property(json!("Mercedes")), "plate": property(json!(format!("75A-{number:05}"))),
        "heading": property(json!(number)),
        "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [107.58, 16.46]}},
    })
}
