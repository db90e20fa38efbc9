//! One filled page of every kind, for the tests that render them all.

use serde_json::{Value, json};

use super::view::*;
use crate::layers::Sign as LayerSign;
use crate::look::chart;
use crate::words::Lang;
use dinh_model::Timestamp;

const HOUR: i64 = 3_600_000_000;

pub(super) fn frame(lang: Lang, title: &str) -> Frame {
    let choice = |id: &str, title: &str, current| Choice {
        id: id.into(),
        href: format!("/{id}/"),
        title: title.into(),
        current,
    };
    let nav = match lang {
        Lang::Vi => ["Điều hành", "Danh sách", "Nguồn dữ liệu", "Quanh tôi"],
        Lang::En => ["Operations", "List", "Data sources", "Around me"],
    };
    Frame {
        lang: lang.tag(),
        theme: "auto",
        title: title.into(),
        tenant: Tenant { id: "hue".into(), title: "Thành phố Huế".into() },
        provinces: vec![
            choice("hue", "Thành phố Huế", true),
            choice("quang-ngai", "Quảng Ngãi", false),
            choice("ha-noi", "Hà Nội", false),
        ],
        nav: nav.into_iter().enumerate().map(|(i, t)| choice("hue", t, i == 0)).collect(),
        other_lang: LangLink { tag: "en", href: "/lang/en".into(), title: "English" },
        themes: vec![
            choice("auto", "Theo thiết bị", true),
            choice("light", "Sáng", false),
            choice("dark", "Tối", false),
        ],
        query: String::new(),
        home_href: "/hue/".into(),
        list_href: "/hue/list".into(),
        sources_href: "/hue/sources".into(),
        procedures_href: Some("/hue/procedures".into()),
        colours_href: "/hue/colours.css".into(),
        account: Account {
            href: "/hue/sign-in".into(),
            title: "Đăng nhập".into(),
            current: false,
            signed_in: false,
        },
    }
}

fn sign(sign: LayerSign, class: &str, stale: bool) -> Sign {
    Sign { path: sign.path(), class: class.into(), stale, area: false }
}

fn age(text: &str) -> Age {
    Age { iso: Some("2026-11-20T07:05:00Z".into()), text: text.into(), exact: "14:05 20/11/2026".into() }
}

fn row(name: &str, value: &str, class: &str, n: usize) -> Row {
    Row {
        eid: format!("urn:ngsi-ld:RainGauge:{n}"),
        href: format!("/hue/entity/urn:ngsi-ld:RainGauge:{n}"),
        layer: "rain".into(),
        sign: sign(LayerSign::Drop, &format!("c-rain-{}", n % 5), n == 3),
        name: name.into(),
        type_title: "Trạm đo mưa".into(),
        value: (!value.is_empty()).then(|| value.into()),
        has_value: true,
        class_title: class.into(),
        age: (!value.is_empty()).then(|| age("5 phút trước")),
        replay: n.is_multiple_of(2).then(|| "Phát lại số liệu lúc 14:00 01/10/2025".into()),
        selected: n == 1,
        cells: vec![
            Cell { text: "Phường Thuận Hóa".into(), right: false },
            Cell { text: "12".into(), right: true },
        ],
    }
}

fn list() -> List {
    let column = |title: &str, sorted, right| Column {
        title: title.into(),
        href: Some("?sort=name".into()),
        sorted,
        right,
    };
    let rows = [
        ("Kim Long", "112,4 mm", "Mưa to"),
        ("Phú Ốc", "86,0 mm", "Mưa to"),
        ("Bạch Mã", "241,8 mm", "Mưa rất to"),
        ("Tả Trạch", "", ""),
        ("Thượng Nhật", "0,0 mm", "Không mưa"),
        ("A Lưới", "12,5 mm", "Mưa nhỏ"),
        ("Nam Đông", "44,2 mm", "Mưa vừa"),
        ("Bình Điền", "61,0 mm", "Mưa to"),
        ("Lộc Trì", "8,4 mm", "Mưa nhỏ"),
        ("Vinh Hiền", "3,2 mm", "Mưa nhỏ"),
    ];
    List {
        caption: "Các đối tượng của lớp dữ liệu đã chọn".into(),
        columns: vec![
            column("Tên", Some("ascending"), false),
            column("Giá trị", None, true),
            column("Mức", None, false),
            column("Thời điểm", None, false),
            Column { href: None, ..column("Xã, phường", None, false) },
            column("Số lượt", None, true),
        ],
        rows: rows.iter().enumerate().map(|(i, (n, v, c))| row(n, v, c, i)).collect(),
        shows_type: true,
        filters: vec![Filter { title: "Trong khung bản đồ".into(), href: "?".into() }],
        bbox: Some("107,16,108,17".into()),
        from: 1,
        to: 10,
        total: 67,
        at_most: false,
        unsorted: false,
        page: 1,
        pages: 7,
        previous_href: Some("?page=1".into()),
        next_href: Some("?page=2".into()),
    }
}

fn groups() -> Vec<Group> {
    let class = |sign_: LayerSign, class: &str, title: &str| Class {
        sign: sign(sign_, class, false),
        title: title.into(),
    };
    let layer = |id: &str, title: &str, s: LayerSign, on, classes| Layer {
        id: id.into(),
        title: title.into(),
        note: if id == "rain" {
            "Lượng mưa 24 giờ, phân cấp theo Quyết định 18/2021/QĐ-TTg.".into()
        } else {
            String::new()
        },
        sign: sign(s, &format!("c-{id}"), false),
        count: "67".into(),
        on,
        chosen: false,
        unit: if id == "rain" { "mm".into() } else { String::new() },
        classes,
    };
    let rain = vec![
        class(LayerSign::Circle, "c-rain-0", "Không mưa"),
        class(LayerSign::Drop, "c-rain-1", "Mưa nhỏ, dưới 16 mm"),
        class(LayerSign::Drop, "c-rain-2", "Mưa vừa, 16–50 mm"),
        class(LayerSign::Drop, "c-rain-3", "Mưa to, 51–100 mm"),
        class(LayerSign::Triangle, "c-rain-4", "Mưa rất to, trên 100 mm"),
    ];
    vec![
        Group {
            title: "Khí tượng thủy văn".into(),
            layers: vec![
                layer("rain", "Trạm đo mưa", LayerSign::Drop, true, rain),
                layer("river", "Mực nước sông", LayerSign::Wave, true, vec![]),
            ],
        },
        Group {
            title: "Giao thông".into(),
            layers: vec![
                layer("bus", "Xe buýt", LayerSign::Bus, false, vec![]),
                layer("flood", "Điểm ngập", LayerSign::Triangle, true, vec![]),
            ],
        },
        Group {
            title: "Văn hóa".into(),
            layers: vec![layer("heritage", "Di tích", LayerSign::Temple, false, vec![])],
        },
    ]
}

fn drawing(lang: Lang, width: chart::Width) -> (String, Vec<HistoryPoint>) {
    let base: Timestamp = "2026-11-19T07:00:00Z".parse().unwrap();
    let level = |h: i64| 0.8 + 1.9 / (1.0 + ((f64::from(i32::try_from(h).unwrap()) - 14.0) / 4.0).powi(2));
    let points: Vec<_> = (0..24)
        .filter(|h| !(6..9).contains(h))
        .map(|h| chart::Point { at: base.plus_micros(h * HOUR), value: level(h) })
        .collect();
    let thresholds =
        [(1.0, "Báo động I", "watch"), (2.0, "Báo động II", "warn"), (3.5, "Báo động III", "danger")]
            .map(|(value, name, tone)| chart::Threshold { value, name: name.into(), tone });
    let svg = chart::draw(&chart::Chart {
        lang,
        kind: chart::Kind::Line,
        points: &points,
        from: base,
        to: base.plus_micros(24 * HOUR),
        longest_join: 2 * HOUR,
        thresholds: &thresholds,
        unit: "m",
        description: "Mực nước tại Kim Long",
        width,
    });
    let numbers = points
        .iter()
        .rev()
        .map(|p| HistoryPoint {
            iso: p.at.to_string(),
            time: crate::look::date_time(p.at, lang),
            value: crate::look::number(p.value, Some(2), lang),
            raw: p.value,
        })
        .collect();
    (svg, numbers)
}

fn history(lang: Lang, in_panel: bool) -> History {
    let (svg, points) = drawing(lang, if in_panel { chart::Width::Narrow } else { chart::Width::Page });
    let choice = |title: &str, current| Choice {
        id: title.into(),
        href: "?range=1".into(),
        title: title.into(),
        current,
    };
    History {
        kind: "line",
        attribute: "waterLevel".into(),
        measure: "Mực nước (m)".into(),
        attributes: vec![choice("Mực nước", true), choice("Lưu lượng", false)],
        ranges: vec![
            choice("24 giờ", true),
            choice("7 ngày", false),
            choice("30 ngày", false),
            choice("1 năm", false),
        ],
        title: "Mực nước của Trạm thủy văn Kim Long lên cao nhất 2,70 m, vượt Báo động II".into(),
        svg,
        source_line: "Đài Khí tượng Thủy văn thành phố Huế. Số liệu mới nhất lúc 14:00 20/11/2026.".into(),
        unit: "m".into(),
        digits: 2,
        join_seconds: 7200,
        from: 1_795_000_000,
        to: 1_795_086_400,
        thresholds: r#"[{"value":1,"name":"Báo động I","tone":"watch"}]"#.into(),
        count: points.len(),
        points,
    }
}

fn entity(lang: Lang, in_panel: bool) -> Entity {
    let attribute = |title: &str, value: &str, quality: Option<&str>| AttributeRow {
        name: "waterLevel".into(),
        title: title.into(),
        value: value.into(),
        is_number: quality.is_some(),
        href: quality.map(|_| "?attr=waterLevel".into()),
        age: age("5 phút trước"),
        source: Some("Đài Khí tượng Thủy văn thành phố Huế".into()),
        quality: quality.filter(|q| !q.is_empty()).map(Into::into),
        notes: if quality == Some("") { vec!["Dưới giới hạn phát hiện".into()] } else { vec![] },
    };
    let link = |relation: &str, name: &str| Link {
        relation: relation.into(),
        href: "/hue/entity/x".into(),
        name: name.into(),
    };
    Entity {
        id: "urn:ngsi-ld:RiverGauge:kim-long".into(),
        name: "Trạm thủy văn Kim Long".into(),
        type_title: "Trạm đo mực nước sông".into(),
        sign: Some(sign(LayerSign::Wave, "c-river-2", false)),
        layer: Some("river".into()),
        in_panel,
        href: "/hue/entity/urn:ngsi-ld:RiverGauge:kim-long".into(),
        close_href: "/hue/".into(),
        headline: Some(Headline {
            value: "2,70 m".into(),
            class_title: Some("Trên báo động II".into()),
            age: age("5 phút trước"),
        }),
        badges: vec![
            Badge {
                tone: "replay", icon: "replay", text: "Phát lại số liệu lúc 14:00 01/10/2025".into()
            },
            Badge { tone: "suspect", icon: "warn", text: "Đứng yên bất thường".into() },
        ],
        history: Some(history(lang, in_panel)),
        attributes: vec![
            attribute("Mực nước", "2,70 m", Some("Đứng yên bất thường")),
            attribute("Lưu lượng", "1.234,5 m³/s", Some("")),
            attribute("Sông", "Hương", None),
            attribute("Địa chỉ", "Phường Kim Long, thành phố Huế, khu vực bờ bắc sông Hương", None),
        ],
        links_out: vec![link("Thuộc xã, phường", "Phường Kim Long")],
        links_in: vec![link("Đo tại", "Báo động lũ sông Hương")],
        more_links_in: 12,
        owner: Some("Trung tâm Khí tượng Thủy văn quốc gia".into()),
        feed: Some(Feed { title: "Mực nước sông".into(), href: "/hue/sources/hydromet/river".into() }),
        place: Some(Place {
            text: "16,46370° B, 107,59090° Đ".into(),
            lon: 107.5909,
            lat: 16.4637,
            href: "/hue/?z=14".into(),
        }),
        created: "08:00 20/11/2026".into(),
        modified: "14:05 20/11/2026".into(),
        version: 42,
        raw: "{\n  \"id\": \"urn:ngsi-ld:RiverGauge:kim-long\"\n}".into(),
        raw_href: "/ngsi-ld/v1/entities/urn:ngsi-ld:RiverGauge:kim-long".into(),
    }
}

fn state(tone: &'static str, icon: &'static str, word: &str) -> State {
    State { tone, icon, word: word.into() }
}

fn source(title: &str, state: State) -> Source {
    Source {
        id: "hydromet/rain".into(),
        href: "/hue/sources/hydromet/rain".into(),
        title: title.into(),
        description: "67 trạm đo mưa tự động, mỗi giờ một số liệu.".into(),
        kind: "Phát lại bản ghi".into(),
        owner: "Trung tâm Khí tượng Thủy văn quốc gia".into(),
        licence: "Số liệu của cơ quan nhà nước".into(),
        state,
        last_message: age("5 phút trước"),
        rate: "12,5/phút".into(),
        lag: "3 giây".into(),
        accepted: "12.345".into(),
        rejected: "3".into(),
        has_rejected: true,
        last_error: Some("Dòng 12: giá trị -99.9 của \"rain\" nằm ngoài khoảng cho phép.".into()),
    }
}

fn credits() -> Vec<Credit> {
    [("OpenStreetMap", "ODbL 1.0"), ("Natural Earth", "CC0"), ("GeoNames", "CC BY 4.0")]
        .map(|(name, licence)| Credit { name: name.into(), licence: licence.into() })
        .into()
}

fn operations(lang: Lang, wall: bool, with_entity: bool) -> Value {
    let view = |id, icon, title: &str, current| ViewChoice {
        id,
        icon,
        title: title.into(),
        href: format!("?view={id}"),
        current,
    };
    json!({
        "page": frame(lang, "Trang điều hành"),
        "view": "split",
        "views": [view("map", "map", "Bản đồ", false), view("split", "split", "Chia đôi", true), view("list", "list", "Danh sách", false)],
        "wall": wall,
        "groups": groups(),
        "list": list(),
        "entity": with_entity.then(|| entity(lang, true)),
        "attention": [row("Bạch Mã", "241,8 mm", "Mưa rất to", 4), row("Kim Long", "2,70 m", "Trên báo động II", 3)],
        "clock": Clock { time: "14:05".into(), date: "Thứ Sáu, 20/11/2026".into() },
        "health": [state("ok", "ok", "12 nguồn hoạt động"), state("warn", "silent", "1 nguồn im lặng")],
        "credits": credits(),
        "map_config": "{}",
    })
}

fn around(lang: Lang, with_result: bool) -> Value {
    let (svg, _) = drawing(lang, chart::Width::Narrow);
    let near = |name: &str, class: Option<&str>, chart| Near {
        href: "/hue/entity/x".into(),
        name: name.into(),
        distance: "cách 1,2 km".into(),
        values: vec![
            Measure { title: "Mực nước".into(), text: "2,70 m".into() },
            Measure { title: "Nhiệt độ".into(), text: "27,5 °C".into() },
        ],
        class_title: class.map(Into::into),
        sign: sign(LayerSign::Wave, "c-river-2", false),
        chart,
        age: Some(age("5 phút trước")),
        source: Some("Đài Khí tượng Thủy văn thành phố Huế".into()),
        stale: class.is_none(),
        replay: Some("Phát lại số liệu lúc 14:00 01/10/2025".into()),
    };
    let chart = Some(NearChart { title: "Mực nước trong 24 giờ qua".into(), svg });
    let card = |id: &str, title: &str, items| Card {
        id: id.into(),
        title: title.into(),
        none: "Không có số liệu nào gần đây.".into(),
        items,
    };
    let place = |name: &str| PlaceChoice {
        href: "?lon=1&lat=2".into(),
        name: name.into(),
        note: Some("Phường".into()),
    };
    let result = AroundResult {
        title: "Quanh Kim Long".into(),
        r#where: "Thuộc phường Kim Long".into(),
        cards: vec![
            card(
                "river",
                "Mực nước sông",
                vec![near("Kim Long", Some("Trên báo động II"), chart), near("Phú Ốc", None, None)],
            ),
            card("bus", "Xe buýt", vec![]),
        ],
        map_href: "/hue/?z=14".into(),
    };
    json!({
        "page": frame(lang, "Quanh tôi"),
        "around": Around {
            start_href: "/hue/quanh-toi".into(),
            place: "Kim Lon".into(),
            problem: Some("Không có địa điểm nào tên “Kim Lon” trong thành phố Huế.".into()),
            choices_title: "Hoặc chọn một nơi".into(),
            choices: ["Phường Thuận Hóa", "Phường Phú Xuân", "Phường Vỹ Dạ", "Xã A Lưới 1"].map(place).into(),
            result: with_result.then_some(result),
        },
    })
}

fn source_page(lang: Lang) -> Value {
    let letter = Letter {
        id: "17".into(),
        action: "/hue/sources/hydromet/rain".into(),
        reason: "precipitation: giá trị 1.250 nằm ngoài khoảng 0–200.".into(),
        at: "14:05 20/11/2026".into(),
        record: "{\n  \"id\": \"48/84\",\n  \"rain\": \"1250\"\n}".into(),
        rows: 5,
    };
    json!({
        "page": frame(lang, "Trạm đo mưa quốc gia"),
        "source": source("Trạm đo mưa quốc gia", state("danger", "danger", "Lỗi")),
        "outcome": Outcome { tone: "ok", text: "Bản ghi đã được sửa và nhận.".into() },
        "letters": [letter],
        "closed": false,
        "more_letters": 3,
    })
}

/// Name of a sample, its template and its values.
pub(super) fn all(lang: Lang) -> Vec<(&'static str, &'static str, Value)> {
    let sources = json!({
        "page": frame(lang, "Nguồn dữ liệu"),
        "summary": "12 trong 13 nguồn đang hoạt động. Nguồn im lặng hoặc lỗi được xếp lên đầu.",
        "sources": [source("Mực nước sông", state("warn", "silent", "Im lặng")), source("Trạm đo mưa quốc gia", state("ok", "ok", "Hoạt động"))],
        "credits": credits(),
        "explore_href": "/hue/explore",
    });
    let error = Fault {
        title: "Không tìm thấy trang".into(),
        text: "Địa chỉ này không có trang nào.".into(),
        detail: Some("GET /x".into()),
    };
    let mut empty = list();
    (empty.total, empty.rows, empty.next_href) = (0, Vec::new(), None);
    vec![
        ("operations", "operations.html", operations(lang, false, false)),
        ("operations-entity", "operations.html", operations(lang, false, true)),
        ("wall", "operations.html", operations(lang, true, false)),
        (
            "list",
            "list.html",
            json!({"page": frame(lang, "Danh sách"), "groups": groups(), "list": list(), "map_href": "/hue/"}),
        ),
        (
            "list-empty",
            "list.html",
            json!({"page": frame(lang, "Danh sách"), "groups": groups(), "list": empty, "map_href": "/hue/"}),
        ),
        (
            "entity",
            "entity.html",
            json!({"page": frame(lang, "Trạm thủy văn Kim Long"), "entity": entity(lang, false), "reveal": null}),
        ),
        ("sources", "sources.html", sources),
        ("source", "source.html", source_page(lang)),
        ("around", "around.html", around(lang, false)),
        ("around-result", "around.html", around(lang, true)),
        ("error", "error.html", json!({"page": frame(lang, "Lỗi"), "error": error})),
    ]
}
