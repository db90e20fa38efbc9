//! Rules in Vietnamese.

use super::Tongue;
use super::say::{Names, Say, list};
use crate::{
    Action, Condition, Effect, Flag, OfContext, OfPrincipal, Privacy, Purpose, Relation, Rule, Texts, Whom,
};

pub(super) struct Vietnamese<'n>(pub(super) &'n dyn Names);

impl Say for Vietnamese<'_> {
    fn head(&self, rule: &Rule, needs: bool) -> String {
        let acts = list(rule.actions.iter().map(|action| act(*action).to_owned()), "và");
        let roles = |roles: &std::collections::BTreeSet<_>| self.roles(roles);
        let head = match (&rule.whom, rule.effect) {
            (Whom::Everybody, Effect::Permit) => format!("Ai cũng được {acts}"),
            (Whom::Everybody, Effect::Forbid) => format!("Không ai được {acts}, dù quy tắc khác cho phép"),
            (Whom::Roles(named), Effect::Permit) => format!("{} được {acts}", roles(named)),
            (Whom::Roles(named), Effect::Forbid) => {
                format!("{} không được {acts}, dù quy tắc khác cho phép", roles(named))
            }
        };
        if needs { format!("{head}, khi") } else { head }
    }

    fn fact(&self, condition: &Condition, holds: bool) -> String {
        let not = if holds { "" } else { "không " };
        match condition {
            Condition::Const(always) => {
                if *always == holds { "bất kỳ lúc nào" } else { "không bao giờ" }.to_owned()
            }
            Condition::Meet(Texts::These(these), Texts::Principal(OfPrincipal::Roles)) => {
                format!("người ấy {not}có vai trò {}", list(these.iter().map(|code| self.role(code)), "hoặc"))
            }
            Condition::Meet(Texts::These(these), Texts::Principal(OfPrincipal::Kind)) => {
                format!("tài khoản {not}phải là của {}", list(these.iter().map(|name| kind(name)), "hoặc"))
            }
            Condition::Meet(Texts::These(these), Texts::Context(OfContext::Purpose)) => {
                format!("mục đích {not}phải là {}", list(these.iter().map(|name| purpose(name)), "hoặc"))
            }
            Condition::Meet(Texts::These(these), Texts::Context(OfContext::Tenant)) => {
                let places = these.iter().map(|name| self.0.tenant(name, Tongue::Vi));
                format!("việc diễn ra {not}phải ở {}", list(places, "hoặc"))
            }
            Condition::Meet(a, b) => format!("{} {not}trùng với {}", texts_of(a), texts_of(b)),
            Condition::Assurance(level) => assurance(*level, holds),
            Condition::Flag(flag) => flag_of(*flag, holds).to_owned(),
            Condition::Type(types) => {
                let titles = types.iter().map(|term| self.0.entity_type(term, Tongue::Vi));
                format!("dữ liệu {not}thuộc loại {}", list(titles, "hoặc"))
            }
            Condition::Sector(sectors) => {
                let titles = sectors.iter().map(|name| self.0.sector(name, Tongue::Vi));
                format!("dữ liệu {not}thuộc ngành {}", list(titles, "hoặc"))
            }
            Condition::Privacy(marks) => {
                let marks = list(marks.iter().map(|mark| privacy(*mark).to_owned()), "hoặc");
                format!("dữ liệu {not}được đánh dấu là {marks}")
            }
            Condition::Related(relation, texts) => related(*relation, texts, holds),
            Condition::Not(_) | Condition::All(_) | Condition::Any(_) => String::new(),
        }
    }
}

impl Vietnamese<'_> {
    fn role(&self, code: &str) -> String {
        format!("“{}”", self.0.role(code, Tongue::Vi))
    }

    fn roles(&self, codes: &std::collections::BTreeSet<std::sync::Arc<str>>) -> String {
        format!("Người có vai trò {}", list(codes.iter().map(|code| self.role(code)), "hoặc"))
    }
}

fn texts_of(texts: &Texts) -> String {
    match texts {
        Texts::These(these) => list(these.iter().map(|text| format!("“{text}”")), "hoặc"),
        Texts::Principal(OfPrincipal::Id) => "mã tài khoản của người ấy".to_owned(),
        Texts::Principal(OfPrincipal::Kind) => "loại tài khoản của người ấy".to_owned(),
        Texts::Principal(OfPrincipal::Roles) => "các vai trò của người ấy".to_owned(),
        Texts::Principal(OfPrincipal::Units) => "các đơn vị mà người ấy thay mặt".to_owned(),
        Texts::Principal(OfPrincipal::Subjects) => "những người mà người ấy nói thay".to_owned(),
        Texts::Context(OfContext::Purpose) => "mục đích".to_owned(),
        Texts::Context(OfContext::Tenant) => "vùng dữ liệu".to_owned(),
    }
}

fn related(relation: Relation, texts: &Texts, holds: bool) -> String {
    let not = if holds { "" } else { "không " };
    match (relation, texts) {
        (Relation::Owner, Texts::Principal(OfPrincipal::Subjects)) => {
            format!("dữ liệu {not}phải là của chính người ấy hoặc của người mà họ đại diện")
        }
        (Relation::Unit, Texts::Principal(OfPrincipal::Units)) => {
            format!("dữ liệu {not}do đơn vị của người ấy, hoặc đơn vị trực thuộc, phụ trách")
        }
        (Relation::Assignee, Texts::Principal(OfPrincipal::Id)) => {
            format!("việc {not}được giao cho chính người ấy")
        }
        _ => {
            let whose = match relation {
                Relation::Owner => "chủ thể của dữ liệu",
                Relation::Unit => "đơn vị phụ trách dữ liệu",
                Relation::Assignee => "người được giao việc",
            };
            format!("{whose} {not}nằm trong {}", texts_of(texts))
        }
    }
}

const fn act(action: Action) -> &'static str {
    match action {
        Action::Read => "xem dữ liệu (dữ liệu cá nhân ở dạng che)",
        Action::Reveal => "mở che dữ liệu cá nhân",
        Action::Write => "thêm, sửa, xoá dữ liệu",
        Action::Export => "xuất dữ liệu hàng loạt",
        Action::Erase => "xoá vĩnh viễn dữ liệu cá nhân",
        Action::Follow => "theo dõi mọi thay đổi của mọi vùng dữ liệu",
        Action::Administer => "quản lý tài khoản, đơn vị, vai trò và khoá",
        Action::Audit => "xem nhật ký kiểm toán",
    }
}

fn assurance(level: u8, holds: bool) -> String {
    match (level, holds) {
        (1, true) => "người ấy đã xác nhận một địa chỉ liên hệ, hoặc được xác định chắc hơn".to_owned(),
        (1, false) => "người ấy chưa xác nhận địa chỉ liên hệ nào".to_owned(),
        (2, true) => "danh tính của người ấy đã được cơ quan có thẩm quyền xác thực ở mức 2".to_owned(),
        (2, false) => "danh tính của người ấy chưa được xác thực ở mức 2".to_owned(),
        (level, true) => format!("mức danh tính của người ấy từ {level} trở lên"),
        (level, false) => format!("mức danh tính của người ấy dưới {level}"),
    }
}

const fn flag_of(flag: Flag, holds: bool) -> &'static str {
    match (flag, holds) {
        (Flag::SteppedUp, true) => "người ấy vừa xác thực bước hai",
        (Flag::SteppedUp, false) => "người ấy chưa xác thực bước hai",
        (Flag::OpenWrites, true) => "cấu hình cho người không đăng nhập sửa dữ liệu từ nơi gửi yêu cầu",
        (Flag::OpenWrites, false) => {
            "cấu hình không cho người không đăng nhập sửa dữ liệu từ nơi gửi yêu cầu"
        }
    }
}

const fn privacy(mark: Privacy) -> &'static str {
    match mark {
        Privacy::Open => "mở",
        Privacy::Internal => "nội bộ",
        Privacy::Personal => "cá nhân",
        Privacy::Sensitive => "nhạy cảm",
    }
}

fn kind(name: &str) -> String {
    match name {
        "citizen" => "người dân".to_owned(),
        "official" => "cán bộ, công chức".to_owned(),
        "device" => "thiết bị".to_owned(),
        "system" => "hệ thống".to_owned(),
        other => format!("“{other}”"),
    }
}

fn purpose(name: &str) -> String {
    let text = match Purpose::from_name(name) {
        Some(Purpose::Operations) => "điều hành",
        Some(Purpose::PublicInformation) => "thông tin công khai",
        Some(Purpose::Maintenance) => "bảo trì hệ thống",
        Some(Purpose::CaseHandling) => "giải quyết hồ sơ",
        Some(Purpose::Emergency) => "khẩn cấp",
        Some(Purpose::Inspection) => "thanh tra, kiểm tra",
        Some(Purpose::Statistics) => "thống kê",
        Some(Purpose::OwnData) => "xem dữ liệu của mình",
        None => return format!("“{name}”"),
    };
    text.to_owned()
}
