//! Definitions: what is accepted, and how refusals speak.

use proptest::prelude::*;

use super::{FeedDefinition, FeedName, SourceDefinition, Span};
use crate::mapping::{Mapper, Vocabulary};

const GOOD: &str = r#"
title = { vi = "Trạm", en = "Stations" }
owner = { vi = "Đài", en = "Office" }
silent_after = "2h"
[source]
kind = "http-poll"
url = "https://x.vn/a.csv"
every = "5m"
format = "csv"
delimiter = ";"
[map]
type = "Station"
id = "urn:ngsi-ld:Station:{id}"
zone = "Asia/Ho_Chi_Minh"
observed_at = { field = "time", format = "%d/%m/%Y %H:%M" }
[[map.attribute]]
name = "level"
field = "level"
type = "number"
unit = "MTR"
from_unit = "cm"
[[quality]]
check = "range"
attribute = "level"
min = 0
[[derive]]
rule = "river-alarm"
"#;

fn read(text: &str) -> Result<FeedDefinition, String> {
    let vocabulary = Vocabulary::new(|name| name.into());
    let definition = FeedDefinition::parse(FeedName::new("p", "f"), "p/feeds/f.toml", text)
        .map_err(|refusal| refusal.to_string())?;
    Mapper::new(&definition, &vocabulary).map_err(|refusal| refusal.to_string())?;
    Ok(definition)
}

#[test]
fn a_good_definition_says_what_it_says() {
    let feed = read(GOOD).unwrap();
    assert_eq!(feed.silent_after, Some(Span::seconds(7_200)));
    assert_eq!(feed.derive, ["river-alarm"]);
    let SourceDefinition::HttpPoll(poll) = &feed.source else { panic!("another kind") };
    assert_eq!((poll.every, poll.timeout), (Span::seconds(300), Span::seconds(30)));
    assert_eq!(poll.format.delimiter, Some(';'));
    assert_eq!(feed.maps[0].attributes[0].from_unit.as_deref(), Some("cm"));
    assert_ne!(feed.fingerprint, read(&GOOD.replace("2h", "3h")).unwrap().fingerprint);
}

/// What is changed in the good definition, and what the refusal must say.
const REFUSALS: [(&str, &str, &str); 34] = [
    ("kind = \"http-poll\"", "kind = \"ftp\"", "source.kind: \"ftp\" is not a kind of source"),
    ("kind = \"http-poll\"\n", "", "source.kind: is missing"),
    ("every = \"5m\"", "every = \"5 minutes\"", "not a length of time"),
    ("every = \"5m\"", "every = \"0s\"", "source.every: must be at least 1s"),
    ("every = \"5m\"\n", "", "missing field `every`"),
    ("url =", "uri =", "unknown field `uri`"),
    ("format = \"csv\"", "format = \"xml\"", "unknown variant `xml`"),
    ("delimiter = \";\"", "encoding = \"viscii\"", "source.encoding: \"viscii\" is not a known encoding"),
    ("delimiter = \";\"", "max_bytes = 999999999999", "source.max_bytes: must be at most"),
    ("delimiter = \";\"", "items = \"data\"", "source.items: must be a JSON pointer"),
    ("silent_after", "silentafter", "top level: unknown field `silentafter`"),
    ("en = \"Stations\"", "en = \"\"", "title: must be given in Vietnamese and in English"),
    ("type = \"Station\"\n", "", "map.type: is missing"),
    ("{id}", "{id", "map.id: \"urn:ngsi-ld:Station:{id\" has a '{'"),
    ("{id}", "{id|loud}", "map.id: \"loud\" is not a filter"),
    ("Asia/Ho_Chi_Minh", "Asia/Hue", "map.zone: \"Asia/Hue\" is not a time zone"),
    ("zone = \"Asia/Ho_Chi_Minh\"\n", "", "map.observed_at: \"%d/%m/%Y %H:%M\" tells no time zone"),
    ("%d/%m/%Y", "%Q", "map.observed_at: \"%Q %H:%M\" is not a time format"),
    ("field = \"time\",", "field = \"time\", now = true,", "map.observed_at: give exactly one of field"),
    ("field = \"level\"", "field = \"level\"\nvalue = 1", "map.attribute (level).field: give exactly one"),
    ("unit = \"MTR\"", "unit = \"metre\"", "map.attribute (level).unit: \"metre\" is not a UN/CEFACT"),
    ("from_unit = \"cm\"", "from_unit = \"°C\"", "(level).from_unit: CEL and MTR measure different things"),
    ("from_unit = \"cm\"", "from_unit = \"sải\"", "(level).from_unit: \"sải\" is not a unit we know"),
    (
        "from_unit = \"cm\"",
        "from_unit = \"cm\"\nfactor = 2",
        "(level).factor: give either from_unit or factor",
    ),
    ("type = \"number\"", "type = \"text\"", "(level).type: must be number or integer"),
    ("unit = \"MTR\"", "units = \"MTR\"", "map.attribute: unknown field `units`"),
    ("unit = \"MTR\"", "unit = \"MTR\"\ndecimal = \";\"", "(level).decimal: must be"),
    ("unit = \"MTR\"", "unit = \"MTR\"\nwhen = { field = \"a\" }", "(level).when: a condition needs"),
    ("unit = \"MTR\"", "unit = \"MTR\"\ncodes_else = 1", "(level).codes_else: needs codes"),
    ("check = \"range\"", "check = \"smell\"", "quality.check: \"smell\" is not a check"),
    ("min = 0", "action = \"reject\"", "quality.min: give min, max or both"),
    ("min = 0", "min = 0\naction = \"mend\"", "quality.action: only swapped-coordinates can mend"),
    ("[source]", "[sauce]", "source: is missing"),
    ("title = {", "title = ", "TOML: TOML parse error"),
];

#[test]
fn refusals_name_the_file_the_key_and_the_rule() {
    for (from, to, expected) in REFUSALS {
        assert!(GOOD.contains(from), "{from}");
        let refusal = read(&GOOD.replacen(from, to, 1)).unwrap_err();
        assert!(refusal.starts_with("p/feeds/f.toml: "), "{refusal}");
        assert!(refusal.contains(expected), "{refusal}\n  does not say: {expected}");
    }
}

#[test]
fn every_kind_has_its_keys() {
    let kinds = [
        "kind = \"file\"\npath = \"a.csv\"",
        "kind = \"folder\"\npath = \"{data}/inbox\"\nsettle = \"5s\"\narchive = \"{data}/done\"",
        "kind = \"http-push\"",
        "kind = \"mqtt\"\nurl = \"mqtt://h\"\ntopics = [\"a/+/b\", \"c/#\"]\nqos = 0",
        "kind = \"gtfs\"\npath = \"gtfs.zip\"",
        "kind = \"gtfs-rt\"\nurl = \"https://x.vn/rt\"",
        "kind = \"gtfs-timetable\"\npath = \"gtfs\"\nrepeat = { from = \"09:00:00\", to = \"18:00:00\" }",
        "kind = \"replay\"\npath = \"r.csv.gz\"\ntime_column = \"t\"\nspeed = 60\nstart = \"2025-10-01T00:00:00+07:00\"",
    ];
    let (head, rest) = GOOD.split_once("[source]").unwrap();
    let (_, tail) = rest.split_once("[map]").unwrap();
    for kind in kinds {
        let text = format!("{head}[source]\n{kind}\n[map]{tail}");
        let feed = read(&text).unwrap();
        assert!(kind.contains(&format!("\"{}\"", feed.source.kind())), "{kind}");
    }
    let broken = [
        ("kind = \"mqtt\"\nurl = \"mqtt://h\"\ntopics = []", "topics"),
        ("kind = \"mqtt\"\nurl = \"mqtt://h\"\ntopics = [\"a/#/b\"]", "not a topic filter"),
        ("kind = \"mqtt\"\nurl = \"mqtt://h\"\ntopics = [\"a\"]\nqos = 2", "qos"),
        ("kind = \"gtfs-rt\"", "either url or path"),
        ("kind = \"replay\"\npath = \"r.csv\"\ntime_column = \"t\"\nspeed = 0", "speed"),
        ("kind = \"replay\"\npath = \"r.csv\"\ntime_column = \"t\"\nstart = \"2025\"", "start"),
        ("kind = \"folder\"\npath = \"inbox\"", "absolute"),
        ("kind = \"gtfs\"\npath = \"g\"\nformat = \"csv\"", "unknown field `format`"),
    ];
    for (kind, expected) in broken {
        let text = format!("{head}[source]\n{kind}\n[map]{tail}");
        let refusal = read(&text).unwrap_err();
        assert!(refusal.contains(expected), "{refusal}\n  does not say: {expected}");
    }
}

#[test]
fn transit_feeds_bring_their_own_maps() {
    for kind in ["gtfs", "gtfs-timetable", "gtfs-rt"] {
        let text =
            format!("title = {{ vi = \"a\", en = \"a\" }}\n[source]\nkind = \"{kind}\"\npath = \"x\"\n");
        assert!(!read(&text).unwrap().maps.is_empty(), "{kind}");
    }
    let text = "title = { vi = \"a\", en = \"a\" }\n[source]\nkind = \"file\"\npath = \"x.csv\"\n";
    assert!(read(text).unwrap_err().contains("map: is missing"));
}

#[test]
fn a_replay_must_say_when_things_were_observed() {
    let text = "title = { vi = \"a\", en = \"a\" }\n[source]\nkind = \"replay\"\npath = \"x.csv\"\n\
                time_column = \"t\"\n[map]\ntype = \"T\"\nid = \"urn:t:{id}\"\n";
    assert!(read(text).unwrap_err().contains("map.observed_at: is missing"));
}

#[test]
fn names_of_feeds() {
    assert_eq!(FeedName::parse("hydromet/rain-gauges").unwrap().to_string(), "hydromet/rain-gauges");
    for bad in ["", "a", "a/", "/b", "a/b/c", "a/b c", "../etc/passwd"] {
        assert!(FeedName::parse(bad).is_none(), "{bad}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_fall(text in "(?s).{0,300}", cut in 0usize..900, add in "[\\[\\]={}\"a-z\n]{0,8}") {
        drop(read(&text));
        // A good definition, damaged somewhere.
        let mut damaged = GOOD.to_owned();
        let at = (0..=cut.min(GOOD.len())).rev().find(|at| GOOD.is_char_boundary(*at)).unwrap_or(0);
        damaged.insert_str(at, &add);
        drop(read(&damaged));
    }
}
