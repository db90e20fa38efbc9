//! The decree's own examples, and properties of the table that ships.

use proptest::prelude::*;

use super::*;

/// PM2.5 from 09:00 to 20:00 (section 2.3 a), the present hour first.
const EXAMPLE: [f64; 12] = [20.6, 19.6, 22.4, 20.3, 16.5, 19.0, 16.5, 19.5, 23.5, 20.5, 24.7, 26.9];

/// Ozone from 18:00 of the day before to 00:00 of the day after (section 2.2.2 a).
const OZONE: [f64; 31] = [
    15.7, 14.2, 17.7, 18.9, 19.3, 15.7, 19.7, 22.6, 27.1, 29.0, 31.9, 25.3, 34.7, 35.2, 41.6, 45.7, 49.2,
    55.8, 69.6, 78.3, 91.5, 97.7, 81.2, 71.8, 43.5, 34.3, 21.5, 20.5, 19.4, 20.4, 21.3,
];

fn scale() -> Scale {
    let table = Table::parse(TABLE).unwrap();
    table.on(jiff::civil::date(2026, 11, 20)).unwrap().clone()
}

fn known(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

fn near(value: Option<f64>, expected: f64) {
    assert!(value.is_some_and(|v| (v - expected).abs() < 1e-9), "{value:?} is not {expected}");
}

#[test]
fn nowcast_of_the_decree() {
    let value = nowcast(&known(&EXAMPLE)).unwrap();
    assert!((value - 20.3).abs() < 0.05, "{value}");
}

#[test]
fn nowcast_needs_two_of_the_last_three_hours() {
    let mut hours = known(&EXAMPLE);
    hours[1] = None;
    assert!(nowcast(&hours).is_some());
    hours[0] = None;
    assert_eq!(nowcast(&hours), None);
    assert_eq!(nowcast(&[]), None);
    assert_eq!(nowcast(&known(&[-1.0, f64::NAN, 20.0])), None);
    near(nowcast(&known(&[0.0; 12])), 0.0);
    // A missing hour has no weight, so the mean of equal values stays.
    near(nowcast(&[Some(30.0), None, Some(30.0), None, Some(30.0)]), 30.0);
}

#[test]
fn smallest_weight_differs_from_the_decrees_sum_by_less_than_one_in_three_thousand() {
    let values = [80.0, 60.0, 90.0, 20.0, 30.0, 40.0, 10.0, 15.0, 22.0, 31.0, 50.0, 44.0];
    let sum: f64 = values.iter().zip(1..).map(|(c, i)| c * 0.5_f64.powi(i)).sum();
    let value = nowcast(&known(&values)).unwrap();
    assert!((value - sum).abs() / value < 0.0003, "{value} {sum}");
}

#[test]
fn index_of_an_hour_of_the_decree() {
    let scale = scale();
    let part = |pollutant, c| scale.part(pollutant, Average::OneHour, c).unwrap().round();
    assert_eq!((part(Pollutant::O3, 136.1), part(Pollutant::Pm25, 20.3)), (43.0, 41.0));
    near(scale.part(Pollutant::No2, Average::OneHour, 118.7), 59.35);
    let hour = Hour { pm25: known(&EXAMPLE), o3: Some(136.1), no2: Some(118.7), ..Hour::default() };
    let index = scale.hour(&hour).unwrap();
    // The decree prints 60, its formula gives 59.35.
    assert_eq!((index.value, index.lead), (59, Pollutant::No2));
    assert_eq!(index.parts.len(), 3);
    assert_eq!(scale.band(index.value).unwrap().key, "moderate");
}

#[test]
fn mean_of_eight_hours_of_the_decree() {
    let value = highest_mean_of_8_hours(&known(&OZONE)).unwrap();
    assert!((value - 74.4).abs() < 0.05, "{value}");
    let first = mean(&known(&OZONE[..8]), 8).unwrap();
    assert!((first - 18.0).abs() < 0.05, "{first}");
}

/// Hours of which one is `peak` and all others zero.
fn peak(peak: f64, hours: usize) -> Vec<Option<f64>> {
    let mut values = vec![Some(0.0); hours];
    values[hours / 2] = Some(peak);
    values
}

#[test]
fn index_of_a_day_of_the_decree() {
    let scale = scale();
    // The means of the example: 8 hours of ozone 89.3, one hour 114.6; NO2 130.8; PM2.5 55.7.
    let eight = scale.part(Pollutant::O3, Average::EightHours, 89.3).unwrap();
    assert!((eight - 44.65).abs() < 1e-9, "{eight}");
    let mut ozone = vec![Some(0.0); 31];
    let rest = (89.3 * 8.0 - 114.6) / 7.0;
    ozone[15..22].fill(Some(rest));
    ozone[22] = Some(114.6);
    let day = Day { pm25: vec![Some(55.7); 24], o3: ozone, no2: peak(130.8, 24), ..Day::default() };
    let index = scale.day(&day).unwrap();
    assert_eq!((index.value, index.lead), (110, Pollutant::Pm25));
    let parts: Vec<_> = index.parts.iter().map(|p| (p.pollutant, p.value.round())).collect();
    assert_eq!(parts, [(Pollutant::Pm25, 110.0), (Pollutant::O3, 45.0), (Pollutant::No2, 65.0)]);
}

#[test]
fn ozone_over_eight_hours_above_400_does_not_count() {
    let scale = scale();
    assert_eq!(scale.part(Pollutant::O3, Average::EightHours, 401.0), None);
    let day = Day { pm25: vec![Some(10.0); 24], o3: vec![Some(500.0); 31], ..Day::default() };
    let index = scale.day(&day).unwrap();
    assert_eq!((index.value, index.lead), (225, Pollutant::O3));
}

#[test]
fn no_index_without_dust() {
    let scale = scale();
    let hour = Hour { o3: Some(900.0), ..Hour::default() };
    assert_eq!(scale.hour(&hour), Err(NoIndex::NoDust));
    assert_eq!(scale.day(&Day { no2: peak(50.0, 24), ..Day::default() }), Err(NoIndex::NoDust));
    // Seventeen hours of 24 are too few, eighteen are enough.
    let day = |n| Day { pm10: vec![Some(40.0); n], ..Day::default() };
    assert!(scale.day(&day(17)).is_err());
    assert_eq!(scale.day(&day(18)).unwrap().value, 40);
}

#[test]
fn the_index_ends_at_500() {
    let scale = scale();
    let hour = Hour { pm25: known(&[1e6; 12]), ..Hour::default() };
    assert_eq!(scale.hour(&hour).unwrap().value, 500);
    assert_eq!(scale.band(500).unwrap().key, "hazardous");
    assert_eq!(scale.band(501), None);
}

#[test]
fn the_table_that_ships_is_that_of_the_decree() {
    let table = Table::parse(TABLE).unwrap();
    assert_eq!(table.editions().len(), 1);
    assert_eq!(table.on(jiff::civil::date(2019, 11, 11)), None);
    let scale = scale();
    assert_eq!(scale.decision, "1459/QĐ-TCMT");
    let colours: Vec<_> = scale.bands.iter().map(|b| (b.max, b.colour.as_str())).collect();
    let official = [
        (50, "#00E400"),
        (100, "#FFFF00"),
        (150, "#FF7E00"),
        (200, "#FF0000"),
        (300, "#8F3F97"),
        (500, "#7E0023"),
    ];
    assert_eq!(colours, official);
    for (pollutant, average, column) in [
        (Pollutant::Pm25, Average::OneHour, &[0.0, 25.0, 50.0, 80.0, 150.0, 250.0, 350.0, 500.0][..]),
        (Pollutant::Pm10, Average::OneHour, &[0.0, 50.0, 150.0, 250.0, 350.0, 420.0, 500.0, 600.0]),
        (Pollutant::O3, Average::OneHour, &[0.0, 160.0, 200.0, 300.0, 400.0, 800.0, 1000.0, 1200.0]),
        (Pollutant::O3, Average::EightHours, &[0.0, 100.0, 120.0, 170.0, 210.0, 400.0]),
        (Pollutant::Co, Average::OneHour, &[0.0, 1e4, 3e4, 4.5e4, 6e4, 9e4, 1.2e5, 1.5e5]),
        (Pollutant::So2, Average::OneHour, &[0.0, 125.0, 350.0, 550.0, 800.0, 1600.0, 2100.0, 2630.0]),
        (Pollutant::No2, Average::OneHour, &[0.0, 100.0, 200.0, 700.0, 1200.0, 2350.0, 3100.0, 3850.0]),
    ] {
        for (concentration, index) in column.iter().zip([0.0, 50.0, 100.0, 150.0, 200.0, 300.0, 400.0, 500.0])
        {
            near(scale.part(pollutant, average, *concentration), index);
        }
    }
}

#[test]
fn refuses_tables_that_cannot_be() {
    let broken = |from: &str, to: &str| {
        assert!(TABLE.contains(from), "{from}");
        Table::parse(&TABLE.replacen(from, to, 1)).unwrap_err().to_string()
    };
    assert!(broken("25, 50, 80", "25, 20, 80").contains("pm25"));
    assert!(broken("min = 51", "min = 52").contains("bands"));
    assert!(broken("valid_from", "from").contains("cannot be read"));
    assert_eq!(Table::parse("edition = []"), Err(TableError::Empty));
}

fn pollutant() -> impl Strategy<Value = (Pollutant, Average)> {
    prop_oneof![
        Just((Pollutant::Pm25, Average::OneHour)),
        Just((Pollutant::Pm10, Average::OneHour)),
        Just((Pollutant::O3, Average::OneHour)),
        Just((Pollutant::O3, Average::EightHours)),
        Just((Pollutant::Co, Average::OneHour)),
        Just((Pollutant::So2, Average::OneHour)),
        Just((Pollutant::No2, Average::OneHour)),
    ]
}

proptest! {
    #[test]
    fn worse_air_never_has_a_better_index((pollutant, average) in pollutant(), a in 0.0_f64..2e5, b in 0.0_f64..2e5) {
        let scale = scale();
        let (low, high) = (a.min(b), a.max(b));
        let index = |c| scale.part(pollutant, average, c);
        if let Some(high) = index(high) {
            prop_assert!(index(low).is_some_and(|low| low <= high));
        }
    }

    #[test]
    fn the_index_has_no_steps((pollutant, average) in pollutant(), c in 0.0_f64..400.0) {
        let scale = scale();
        let index = |c| scale.part(pollutant, average, c);
        if let (Some(here), Some(there)) = (index(c), index(c + 0.001)) {
            // The steepest slope of the table is 2.5 per µg/m³ (ozone over eight hours, 100 to 120).
            prop_assert!(there - here <= 0.0025 + 1e-9, "{} {}", here, there);
        }
    }

    #[test]
    fn nowcast_lies_between_the_least_and_the_greatest(
        hours in proptest::collection::vec(proptest::option::of(0.0_f64..600.0), 0..14)
    ) {
        let used: Vec<f64> = hours.iter().take(NOWCAST_HOURS).flatten().copied().collect();
        match nowcast(&hours) {
            Some(value) => {
                let least = used.iter().copied().fold(f64::INFINITY, f64::min);
                let greatest = used.iter().copied().fold(0.0, f64::max);
                prop_assert!(least - 1e-9 <= value && value <= greatest + 1e-9);
            }
            None => prop_assert!(hours.iter().take(3).flatten().count() < 2),
        }
    }

    #[test]
    fn every_index_has_a_band(index in 0_u16..=500) {
        prop_assert!(scale().band(index).is_some());
    }
}
