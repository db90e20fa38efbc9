//! Every number leads to its dossiers: whatever happened, lists are as long as counts say.

use std::collections::BTreeMap;

use dinh_cases::{Action, Actor, Answer, AskKind, Channel, Refused, Tie};
use dinh_casework::{
    Among, Brought, BroughtStep, By, Days, Dossier, Error, ListAsked, Period, Pick, Scale, Tally, Which,
};
use dinh_context::Session;

use crate::house::{House, OTHER, WARD, copies, urn};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap() % bound
    }
}

/// Answers to everything that an action asks.
fn answers(action: &Action) -> BTreeMap<String, Answer> {
    let answer = |kind: AskKind| match kind {
        AskKind::Count => Answer::Count(1),
        AskKind::Date => Answer::Text("2026-12-30".to_owned()),
        AskKind::Parts => Answer::Codes(Vec::new()),
        AskKind::Unit => Answer::Text(urn(OTHER).to_string()),
        _ => Answer::Text("Còn thiếu giấy tờ theo quy định".to_owned()),
    };
    let choice = |ask: &dinh_cases::Ask| {
        ask.choices.first().map_or_else(|| answer(ask.kind), |(code, _)| Answer::Text(code.clone()))
    };
    action.asks.iter().map(|ask| (ask.code.clone(), choice(ask))).collect()
}

/// Dossiers of two wards on their way, by whatever is offered to whoever comes along.
async fn lived(seed: u64) -> House {
    let house = House::open().await;
    let mut dice = Dice(seed);
    let mut dossiers: Vec<Dossier> = Vec::new();
    let wards = [WARD, OTHER];
    for _ in 0..320 {
        let ward = wards[dice.below(2)];
        let people = [
            house.official("clerk", "one-stop-officer", ward),
            house.official("handler", "officer", ward),
            house.official("leader", "unit-leader", ward),
            house.citizen("an"),
            house.official("records", "clerk", ward),
        ];
        let days = if dice.below(16) == 0 { 1 + dice.below(3) } else { 0 };
        house.pass(i64::try_from(days * 1_440 + dice.below(20)).unwrap());
        if dossiers.len() < 16 && dice.below(4) == 0 {
            let online = dice.below(2) == 0;
            let mut filing = copies(if online { Channel::Online } else { Channel::Counter });
            filing.receiving = urn(ward);
            let whose = if online { &people[3] } else { &people[0] };
            dossiers.push(house.casework.file(whose, filing).await.unwrap().dossier);
            continue;
        }
        if dossiers.is_empty() {
            continue;
        }
        let _woken = house.casework.wake_once(&crate::house::hue()).await.unwrap();
        let (at, who) = (dice.below(dossiers.len()), &people[dice.below(people.len())]);
        let Ok(mut offered) = house.casework.offered(who, &dossiers[at].id).await else { continue };
        // Seldom does somebody take back what they asked for.
        offered.retain(|action| action.code != "withdraw" || dice.below(12) == 0);
        if offered.is_empty() {
            continue;
        }
        // Most go on; the others do whatever may be done.
        let onward =
            ["accept", "complete", "start", "answer", "submit", "approve", "issue-on-paper", "deliver"];
        let next = offered.iter().find(|action| onward.contains(&action.code.as_str()) && dice.below(4) > 0);
        let action = next.unwrap_or(&offered[dice.below(offered.len())]).clone();
        let shown = house.casework.show(who, &dossiers[at].id).await.unwrap().dossier;
        let on = (&shown.id, shown.version);
        let done = house.casework.act(who, on, &action.code, answers(&action), BTreeMap::new()).await;
        if let Ok(dossier) = done {
            dossiers[at] = dossier;
        }
    }
    house
}

/// How often the dossiers of a list were counted, page by page.
async fn listed(house: &House, session: &Session, which: Which, among: &Among) -> (i64, i64) {
    let (mut after, mut times, mut counted) = (None, 0, 0);
    loop {
        let asked = ListAsked { which: which.clone(), among: among.clone(), after, limit: 5 };
        let page = house.casework.listed(session, &asked).await.unwrap();
        counted = page.counted.max(counted);
        times += page.cases.iter().map(|(_, times)| i64::try_from(*times).unwrap()).sum::<i64>();
        after = page.next;
        if after.is_none() {
            return (counted, times);
        }
    }
}

async fn same(house: &House, session: &Session, which: Which, among: &Among, expected: i64) {
    let found = listed(house, session, which.clone(), among).await;
    assert_eq!(found, (expected, expected), "{which:?} of {among:?}");
}

async fn done_agrees(house: &House, session: &Session, period: Period, among: &Among, tally: &Tally) {
    for (name, count) in tally.0.iter().filter(|(name, _)| !name.contains("minutes")) {
        same(house, session, Which::Done(name.clone(), period), among, *count).await;
    }
}

async fn open_agrees(house: &House, session: &Session, among: &Among) -> i64 {
    let open = house.casework.open_now(session, among, &[Scale::Whole]).await.unwrap();
    let tally = open[0].get("").cloned().unwrap_or_default();
    let today = house.today();
    for by in [By::As, By::State, By::Desk, By::Who, By::Got] {
        for days in [Days::Any, Days::Without, Days::Between(None, Some(-1)), Days::Between(Some(0), None)] {
            let mut picks = vec![Pick::by(by).within(days)];
            picks.extend(tally.values(by).iter().map(|value| Pick::by(by).of(value).within(days)));
            for pick in picks {
                let count = pick.count(&tally, today);
                same(house, session, Which::Open(pick), among, count).await;
            }
        }
    }
    for how in ["open", "late", "in-time"] {
        let pick = Pick::by(By::As).of(how);
        let count = pick.count(&tally, today);
        same(house, session, Which::Open(pick), among, count).await;
    }
    Pick::by(By::As).count(&tally, today)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_as_long_as_counts_say() {
    let mut names = std::collections::BTreeSet::new();
    for seed in 1..=2 {
        let house = Box::pin(lived(seed)).await;
        let (province, unit) =
            (house.official("p", "leader", OTHER), house.official("l", "unit-leader", WARD));
        let period = Period { from: "2026-11-01".parse().unwrap(), to: house.today() };
        for session in [&province, &unit] {
            let all = [Scale::Whole, Scale::Unit, Scale::Kind];
            let tallies = house.casework.tallied(session, period, &Among::default(), &all).await.unwrap();
            let whole = &tallies[0][""];
            names.extend(whole.0.keys().cloned());
            done_agrees(&house, session, period, &Among::default(), whole).await;
            for (unit, tally) in &tallies[1] {
                let among = Among { unit: Some(unit.clone()), kind: None };
                done_agrees(&house, session, period, &among, tally).await;
            }
            for (kind, tally) in &tallies[2] {
                let among = Among { unit: None, kind: Some(kind.clone()) };
                done_agrees(&house, session, period, &among, tally).await;
            }
            let month = Period { from: house.today(), to: house.today() };
            let last = house.casework.tallies(session, month, Scale::Whole).await.unwrap();
            if let Some(tally) = last.get("") {
                done_agrees(&house, session, month, &Among::default(), tally).await;
            }
            open_agrees(&house, session, &Among::default()).await;
        }
        let of_ward = Among { unit: Some(urn(WARD).to_string()), kind: None };
        open_agrees(&house, &province, &of_ward).await;
        let other = Among { unit: Some(urn(OTHER).to_string()), kind: None };
        assert_eq!(open_agrees(&house, &unit, &other).await, 0, "another ward's");
        let tallies = house.casework.tallies(&province, period, Scale::Whole).await.unwrap();
        let house = house.again().await;
        let again = house.casework.tallies(&province_of(&house), period, Scale::Whole).await.unwrap();
        assert_eq!(again, tallies);
    }
    for name in [
        "received.online",
        "received.counter",
        "on-time",
        "late",
        "ended.granted",
        "left.filed",
        "left-late.received",
    ] {
        assert!(names.contains(name), "no history had {name}: {names:?}");
    }
}

fn province_of(house: &House) -> Session {
    house.official("p", "leader", OTHER)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn indicators_are_computed_from_the_counts() {
    let house = House::open().await;
    let set: Vec<_> = house.casework.indicators(house.today()).cloned().collect();
    assert_eq!(set.len(), 1, "the set of Decision 766/QĐ-TTg ships");
    assert_eq!(house.casework.indicators("2020-01-01".parse().unwrap()).count(), 0, "it did not hold yet");
    house.casework.file(&house.clerk(), copies(Channel::Counter)).await.unwrap();
    house.filed("an").await;
    let month = Period { from: house.today(), to: house.today() };
    let measured = house.casework.measured(&house.leader(), month, &Among::default()).await.unwrap();
    let index = |code: &str| {
        let all = set[0].groups.iter().flat_map(|group| &group.indexes);
        all.filter(|index| index.code == code).collect::<Vec<_>>()[0].clone()
    };
    let on_time = index("2.1").value(&measured).unwrap();
    assert_eq!(
        (on_time.part, on_time.whole, on_time.value),
        (1, 1, Some(100.0)),
        "what is only filed does not count"
    );
    assert_eq!(index("3.3").value(&measured).unwrap().value, Some(0.0), "filed online and not received yet");
    assert_eq!(index("2.2").value(&measured).unwrap().value, None, "nothing has ended");
    assert_eq!(index("1.1").value(&measured), None, "nobody invents what is not there");
    assert_eq!(index("1.4").value(&measured).map(|value| value.part), Some(0), "nobody was told yet");
    house.pass(3 * 24 * 60);
    let measured = house.casework.measured(&house.leader(), month, &Among::default()).await.unwrap();
    assert_eq!(index("2.1").value(&measured).unwrap().value, Some(0.0), "it is late now");
}

/// A dossier that went its way at a counter in September, and was late.
fn elsewhere(actions: &[(&str, &str, &str)]) -> Brought {
    let official = |role: &str| Actor {
        account: Some(role.to_owned()),
        unit: Some(urn(WARD).to_string()),
        roles: [role.to_owned()].into(),
        ties: [Tie::Receiving, Tie::Handling, Tie::Competent].into(),
        stepped_up: true,
        ..Actor::default()
    };
    let step = |(at, role, action): &(&str, &str, &str)| BroughtStep {
        at: at.parse().unwrap(),
        by: official(role),
        action: (*action).to_owned(),
        asked: BTreeMap::new(),
    };
    Brought {
        filing: copies(Channel::Counter),
        account: None,
        opened: "2026-09-07T01:00:00Z".parse().unwrap(),
        by: official("one-stop-officer"),
        number: Some("CU-0007".to_owned()),
        steps: actions.iter().map(step).collect(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_went_its_way_elsewhere_is_counted_when_it_happened() {
    let house = House::open().await;
    let way = [
        ("2026-09-07T01:05:00Z", "one-stop-officer", "accept"),
        ("2026-09-08T01:00:00Z", "officer", "start"),
        ("2026-10-01T01:00:00Z", "officer", "submit"),
        ("2026-10-02T01:00:00Z", "unit-leader", "approve"),
        ("2026-10-02T01:05:00Z", "clerk", "issue-on-paper"),
    ];
    let skipped =
        house.casework.bring(&crate::house::hue(), vec![elsewhere(&way), elsewhere(&way[1..])]).await;
    assert!(matches!(skipped, Err(Error::Refused(Refused::State { .. }))), "{skipped:?}");
    let month = |month: &str| {
        let day = format!("{month}-01").parse().unwrap();
        Period { from: day, to: day }
    };
    let counts = async |of: &str| {
        let tallies = house.casework.tallies(&house.leader(), month(of), Scale::Whole).await.unwrap();
        tallies.get("").cloned().unwrap_or_default()
    };
    assert_eq!(counts("2026-09").await.of("received"), 0, "all of them or none");
    let brought = house.casework.bring(&crate::house::hue(), vec![elsewhere(&way)]).await.unwrap();
    assert_eq!((counts("2026-09").await.of("received"), counts("2026-10").await.of("late")), (1, 1));
    let late = Which::Done("late".to_owned(), month("2026-10"));
    same(&house, &house.leader(), late, &Among::default(), 1).await;
    let shown = house.casework.show(&house.clerk(), &brought[0]).await.unwrap();
    assert_eq!((shown.dossier.number.as_deref(), shown.dossier.on_time), (Some("CU-0007"), Some(false)));
    house.act(&house.clerk(), &shown.dossier, "deliver", &[("how", "counter")]).await.unwrap();
    assert_eq!(counts("2026-11").await.of("left.done"), 1, "it goes on here");
}
