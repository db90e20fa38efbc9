//! In English.

use super::say::{Say, Sentence, count, grouped, listed};
use crate::{ChannelKind, Document, Duration, Level, TimeUnit};

pub(super) struct English;

impl Say for English {
    fn applicant(&self, told: &str) -> Option<&'static str> {
        Some(match told {
            "Công dân Việt Nam" => "Vietnamese citizens",
            "Người Việt Nam định cư ở nước ngoài" => "Vietnamese living abroad",
            "Người nước ngoài" => "Foreigners",
            "Người nước ngoài cư trú tại Việt Nam" => "Foreigners living in Viet Nam",
            "Cán bộ, công chức, viên chức" => "Public officials",
            "Doanh nghiệp" | "Doanh nghiệp Việt Nam" => "Enterprises",
            "Doanh nghiệp có vốn đầu tư nước ngoài" => "Enterprises with foreign capital",
            "Hợp tác xã" => "Cooperatives",
            "Tổ chức nước ngoài" => "Foreign organisations",
            "Tổ chức (không bao gồm doanh nghiệp, HTX)" => "Other organisations",
            "Đảng viên" => "Members of the Party",
            "Tổ chức Đảng" => "Organisations of the Party",
            _ => return None,
        })
    }

    fn levels(&self, levels: &[Level]) -> Sentence {
        let names: Vec<&str> = levels.iter().map(|level| named(*level)).collect();
        Sentence::words(format!("Settled at {}.", listed(&names, "or")))
    }

    fn agencies(&self, names: &str) -> Sentence {
        Sentence::words("Done by: ").then_data(names).then(".")
    }

    fn reception(&self, place: &str) -> Sentence {
        Sentence::words("Where to hand in: ").then_data(place).then(".")
    }

    fn ways(&self, ways: &[ChannelKind]) -> Sentence {
        Sentence::words(format!("You may file {}.", by(ways)))
    }

    fn time(&self, times: &[Duration], ways: Option<&[ChannelKind]>) -> Sentence {
        let text = match times {
            [] => String::new(),
            [one] => lasting(*one),
            [first, .., last] if first.unit == last.unit => {
                format!("{} to {}, depending on the case", count(first.hundredths, '.'), lasting(*last))
            }
            [first, .., last] => format!("{} to {}, depending on the case", lasting(*first), lasting(*last)),
        };
        Sentence::words(match ways {
            Some(ways) => format!("Filed {}: {text}.", by(ways)),
            None => format!("{text}."),
        })
    }

    fn free(&self) -> Sentence {
        Sentence::words("No fee.")
    }

    fn said_free(&self) -> Sentence {
        Sentence::words(
            "The national list says “free” with a remark; a fee may be due, depending on the case.",
        )
    }

    fn amount(&self, amount: u64) -> Sentence {
        Sentence::words(format!("{} đồng.", grouped(amount, ',')))
    }

    fn amounts(&self, least: u64, most: u64) -> Sentence {
        let most = grouped(most, ',');
        Sentence::words(match least {
            0 => format!("No fee, or up to {most} đồng, depending on the case."),
            least => format!("{} to {most} đồng, depending on the case.", grouped(least, ',')),
        })
    }

    fn about_fees(&self, note: &str) -> Sentence {
        Sentence::words("Remark on fees: ").then_data(note)
    }

    fn document(&self, document: &Document, name: &str, case: Option<&str>) -> Sentence {
        let of =
            |number: u16, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
        let originals = of(document.originals, "original", "originals");
        let copies = of(document.copies, "copy", "copies");
        let copies = match (document.originals, document.copies) {
            (_, 0) => originals,
            (0, _) => copies,
            _ => format!("{originals}, {copies}"),
        };
        let told = Sentence::data(name).then(format!(" ({copies})"));
        match case {
            Some(case) => told.then(" – ").then_data(case),
            None => told,
        }
    }

    fn more_documents(&self, count: usize) -> Sentence {
        Sentence::words(match count {
            1 => "… and one more document, see Documents.".to_owned(),
            count => format!("… and {count} more documents, see Documents."),
        })
    }

    fn more_results(&self, count: usize) -> Sentence {
        Sentence::words(match count {
            1 => "… and one more result.".to_owned(),
            count => format!("… and {count} more results."),
        })
    }
}

fn named(level: Level) -> &'static str {
    match level {
        Level::Commune => "the commune",
        Level::Province => "the province",
        Level::Ministry => "a ministry",
        Level::Other => "another agency",
    }
}

fn by(ways: &[ChannelKind]) -> String {
    let name = |way: &ChannelKind| match way {
        ChannelKind::Counter => "at the counter",
        ChannelKind::Online => "online",
        ChannelKind::Post => "by post",
    };
    listed(&ways.iter().map(name).collect::<Vec<_>>(), "or")
}

fn lasting(time: Duration) -> String {
    let one = time.hundredths <= 100;
    let unit = match (time.unit, one) {
        (TimeUnit::WorkingDay, true) => "working day",
        (TimeUnit::WorkingDay, false) => "working days",
        (TimeUnit::Day, true) => "day",
        (TimeUnit::Day, false) => "days",
        (TimeUnit::Hour, true) => "hour",
        (TimeUnit::Hour, false) => "hours",
        (TimeUnit::Month, true) => "month",
        (TimeUnit::Month, false) => "months",
    };
    format!("{} {unit}", count(time.hundredths, '.'))
}
