//! Feeds that bring broken rows, dangling references, wrong encodings and clocks that are wrong. The good part arrives,
//! the bad part is kept with its reason, the feed goes on.

use std::io::Write as _;

use anyhow::{Result, ensure};
use dinh_e2e::{Api, PATIENCE, Packs, Server, Test, until};
use serde_json::{Value, json};

use crate::vocabulary::{GAUGE_MAP, dead_letters, exists, gauge_id, level_becomes, now, record};

const RECORDS: &str = "/api/v1/thu/feeds/thu/day/records";

async fn push_feed(more: &str) -> Result<(Packs, Server, Api)> {
    let mut packs = Packs::new()?;
    packs.feed("day", &format!("[source]\nkind = \"http-push\"\n{GAUGE_MAP}{more}"))?;
    let server = Server::start_with(&["--packs".as_ref(), packs.path().as_os_str()]).await?;
    let api = server.tenant(packs.tenant())?;
    Ok((packs, server, api))
}

async fn letters(api: &Api, feed: &str, expected: usize) -> Result<Vec<Value>> {
    until(&format!("{expected} dead letters are kept"), PATIENCE, || async {
        let letters = dead_letters(api, feed).await?;
        Ok((letters.len() >= expected).then_some(letters))
    })
    .await
}

#[tokio::test]
async fn broken_rows_of_a_table_are_kept_and_the_others_arrive() -> Test {
    let (_packs, _server, api) = push_feed("").await?;
    let now = now();
    let table = format!(
        "id,time,level\na,{now},1.5\nb,{now}\nc,{now},much\nd,yesterday,1\ne,{now},5.5,extra\nf,{now},6.5\n"
    );
    api.post_bytes(RECORDS, "text/csv", table).await?;
    level_becomes(&api, "a", 1.5).await?;
    level_becomes(&api, "f", 6.5).await?;
    let kept = letters(&api, "day", 3).await?;
    for name in ["b", "c", "d"] {
        ensure!(!exists(&api, &gauge_id(name)).await?, "{name} is broken");
    }
    ensure!(kept.iter().all(|l| l.to_string().len() > 60), "{kept:?}");
    Ok(())
}

#[tokio::test]
async fn a_table_that_is_none_is_refused_or_kept_whole() -> Test {
    let (_packs, _server, api) = push_feed("").await?;
    let mut expected = 0;
    for body in [&b"\x00\x01\x02\x03"[..], b"\"never closed", b"PK\x03\x04 not a workbook", b"\xff\xfea\x00"]
    {
        let reply = api.post_bytes(RECORDS, "text/csv", body.to_vec()).await?;
        ensure!(reply.status < 500, "{} {}", reply.status, reply.text());
        if reply.status < 300 && !body.is_empty() {
            expected += 1;
        }
    }
    ensure!(dead_letters(&api, "day").await?.len() <= expected * 4);
    api.post(RECORDS, &json!([record("a", &json!(1.5))])).await?;
    level_becomes(&api, "a", 1.5).await.map(drop)
}

#[tokio::test]
async fn an_observation_from_the_future_is_not_believed() -> Test {
    let (_packs, _server, api) = push_feed("").await?;
    let records = json!([
        {"id": "late", "time": "2001-01-01T00:00:00Z", "level": 1.0},
        {"id": "future", "time": "2999-01-01T00:00:00Z", "level": 2.0},
        {"id": "never", "time": "2026-02-30T00:00:00Z", "level": 2.0},
    ]);
    api.post(RECORDS, &records).await?;
    level_becomes(&api, "late", 1.0).await?;
    letters(&api, "day", 2).await?;
    ensure!(!exists(&api, &gauge_id("future")).await? && !exists(&api, &gauge_id("never")).await?);
    Ok(())
}

#[tokio::test]
async fn an_older_observation_does_not_overwrite_a_newer_one() -> Test {
    let (_packs, _server, api) = push_feed("").await?;
    api.post(RECORDS, &json!([record("a", &json!(2.0))])).await?;
    level_becomes(&api, "a", 2.0).await?;
    api.post(
        RECORDS,
        &json!([{"id": "a", "time": "2026-01-01T00:00:00Z", "level": 1.0}, record("b", &json!(1))]),
    )
    .await?;
    level_becomes(&api, "b", 1.0).await?;
    level_becomes(&api, "a", 2.0).await.map(drop)
}

#[tokio::test]
async fn impossible_values_are_flagged_or_refused_as_the_feed_says() -> Test {
    let checks = "[[quality]]\ncheck = \"range\"\nattribute = \"waterLevel\"\nmin = -5\nmax = 20\naction = \"flag\"\n\
                  [[quality]]\ncheck = \"range\"\nattribute = \"waterLevel\"\nmin = -100\nmax = 100\naction = \"reject\"\n";
    let (_packs, _server, api) = push_feed(checks).await?;
    let records = json!([record("a", &json!(1)), record("odd", &json!(50)), record("no", &json!(999))]);
    api.post(RECORDS, &records).await?;
    let odd = level_becomes(&api, "odd", 50.0).await?;
    ensure!(odd["waterLevel"]["qualityFlag"]["value"].is_string(), "{odd}");
    letters(&api, "day", 1).await?;
    ensure!(!exists(&api, &gauge_id("no")).await?);
    Ok(())
}

fn timetable() -> Result<Vec<u8>> {
    let files = [
        (
            "agency.txt",
            "agency_id,agency_name,agency_url,agency_timezone\nA,Xe buýt,http://a.vn,Asia/Ho_Chi_Minh\n",
        ),
        (
            "stops.txt",
            "stop_id,stop_name,stop_lat,stop_lon\nS1,Bến A,16.46,107.58\nS2,Bến B,16.47,107.59\nS3,Sai,abc,107\n",
        ),
        ("routes.txt", "route_id,agency_id,route_short_name,route_long_name,route_type\nR1,A,01,Tuyến 1,3\n"),
        ("trips.txt", "route_id,service_id,trip_id\nR1,D,T1\nR9,D,T2\n"),
        (
            "stop_times.txt",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT1,06:00:00,06:00:00,S1,1\nT1,06:10:00,06:10:00,S2,2\n\
             T1,06:20:00,06:20:00,S99,3\nT77,06:00:00,06:00:00,S1,1\n",
        ),
        (
            "calendar.txt",
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n\
             D,1,1,1,1,1,1,1,20200101,20301231\n",
        ),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(name, zip::write::SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

#[tokio::test]
async fn a_timetable_with_dangling_references_brings_what_is_sound() -> Test {
    let mut packs = Packs::new()?;
    packs.write("thu/data/gtfs.zip", timetable()?)?;
    packs.feed("gtfs", "[source]\nkind = \"gtfs\"\npath = \"data/gtfs.zip\"\n")?;
    let server = Server::start_with(&["--packs".as_ref(), packs.path().as_os_str()]).await?;
    let api = server.tenant(packs.tenant())?;
    until("the two good stops arrive", PATIENCE, || async {
        Ok((api.query("type=GtfsStop,TransportStop,Stop,PublicTransportStop").await?.len() == 2)
            .then_some(()))
    })
    .await?;
    let kept = letters(&api, "gtfs", 1).await?;
    let told = serde_json::to_string(&kept)?;
    ensure!(
        told.contains("R9") || told.contains("S99") || told.contains("T77") || told.contains("S3"),
        "{told}"
    );
    Ok(())
}
