//! In Vietnamese.

use super::say::{Say, Sentence, count, grouped, listed};
use crate::{ChannelKind, Document, Duration, Level, TimeUnit};

pub(super) struct Vietnamese;

impl Say for Vietnamese {
    fn applicant(&self, told: &str) -> Option<&'static str> {
        Some(match told {
            "Công dân Việt Nam" => "Công dân Việt Nam",
            "Người Việt Nam định cư ở nước ngoài" => "Người Việt Nam định cư ở nước ngoài",
            "Người nước ngoài" => "Người nước ngoài",
            "Cán bộ, công chức, viên chức" => "Cán bộ, công chức, viên chức",
            "Doanh nghiệp" | "Doanh nghiệp Việt Nam" => "Doanh nghiệp",
            "Doanh nghiệp có vốn đầu tư nước ngoài" => "Doanh nghiệp có vốn đầu tư nước ngoài",
            "Hợp tác xã" => "Hợp tác xã",
            "Tổ chức nước ngoài" => "Tổ chức nước ngoài",
            "Tổ chức (không bao gồm doanh nghiệp, HTX)" => "Tổ chức khác",
            _ => return None,
        })
    }

    fn levels(&self, levels: &[Level]) -> Sentence {
        let names: Vec<&str> = levels.iter().map(|level| named(*level)).collect();
        Sentence::words(format!("Giải quyết ở {}.", listed(&names, "hoặc")))
    }

    fn agencies(&self, names: &str) -> Sentence {
        Sentence::words("Cơ quan thực hiện: ").then_data(names).then(".")
    }

    fn reception(&self, place: &str) -> Sentence {
        Sentence::words("Nơi tiếp nhận hồ sơ: ").then_data(place).then(".")
    }

    fn ways(&self, ways: &[ChannelKind]) -> Sentence {
        Sentence::words(format!("Nộp hồ sơ {}.", by(ways)))
    }

    fn time(&self, times: &[Duration], ways: Option<&[ChannelKind]>) -> Sentence {
        let text = match times {
            [] => String::new(),
            [one] => lasting(*one),
            [first, .., last] if first.unit == last.unit => {
                format!("từ {} đến {}, tuỳ trường hợp", count(first.hundredths, ','), lasting(*last))
            }
            [first, .., last] => format!("từ {} đến {}, tuỳ trường hợp", lasting(*first), lasting(*last)),
        };
        Sentence::words(match ways {
            Some(ways) => format!("Nộp {}: {text}.", by(ways)),
            None => format!("{}.", capital(&text)),
        })
    }

    fn free(&self) -> Sentence {
        Sentence::words("Không mất phí.")
    }

    fn said_free(&self) -> Sentence {
        Sentence::words(
            "Danh mục quốc gia ghi “Miễn phí” kèm ghi chú; có thể phải nộp phí, lệ phí tuỳ trường hợp.",
        )
    }

    fn amount(&self, amount: u64) -> Sentence {
        Sentence::words(format!("{} đồng.", grouped(amount, '.')))
    }

    fn amounts(&self, least: u64, most: u64) -> Sentence {
        let most = grouped(most, '.');
        Sentence::words(match least {
            0 => format!("Không mất phí hoặc đến {most} đồng, tuỳ trường hợp."),
            least => format!("Từ {} đến {most} đồng, tuỳ trường hợp.", grouped(least, '.')),
        })
    }

    fn about_fees(&self, note: &str) -> Sentence {
        Sentence::words("Ghi chú về phí: ").then_data(note)
    }

    fn document(&self, document: &Document, name: &str, case: Option<&str>) -> Sentence {
        let copies = match (document.originals, document.copies) {
            (originals, 0) => format!("{originals} bản chính"),
            (0, copies) => format!("{copies} bản sao"),
            (originals, copies) => format!("{originals} bản chính, {copies} bản sao"),
        };
        let told = Sentence::data(name).then(format!(" ({copies})"));
        match case {
            Some(case) => told.then(" – ").then_data(case),
            None => told,
        }
    }

    fn more_documents(&self, count: usize) -> Sentence {
        Sentence::words(format!("… và {count} giấy tờ khác, xem phần Thành phần hồ sơ."))
    }

    fn more_results(&self, count: usize) -> Sentence {
        Sentence::words(format!("… và {count} kết quả khác."))
    }
}

fn named(level: Level) -> &'static str {
    match level {
        Level::Commune => "cấp xã",
        Level::Province => "cấp tỉnh",
        Level::Ministry => "cấp bộ",
        Level::Other => "cơ quan khác",
    }
}

fn by(ways: &[ChannelKind]) -> String {
    let name = |way: &ChannelKind| match way {
        ChannelKind::Counter => "trực tiếp",
        ChannelKind::Online => "trực tuyến",
        ChannelKind::Post => "qua bưu chính",
    };
    listed(&ways.iter().map(name).collect::<Vec<_>>(), "hoặc")
}

fn lasting(time: Duration) -> String {
    let unit = match time.unit {
        TimeUnit::WorkingDay => "ngày làm việc",
        TimeUnit::Day => "ngày",
        TimeUnit::Hour => "giờ",
        TimeUnit::Month => "tháng",
    };
    format!("{} {unit}", count(time.hundredths, ','))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
