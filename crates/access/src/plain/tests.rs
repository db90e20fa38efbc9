use std::collections::BTreeMap;

use dinh_model::Term;

use super::*;
use crate::{
    Action, Condition, Effect, Flag, OfContext, OfPrincipal, Privacy, Relation, RuleBook, Texts, Whom,
};

struct Codes;

impl Names for Codes {
    fn role(&self, code: &str, _: Tongue) -> String {
        code.to_owned()
    }

    fn entity_type(&self, term: &Term, _: Tongue) -> String {
        term.to_string()
    }

    fn sector(&self, name: &str, _: Tongue) -> String {
        name.to_owned()
    }

    fn tenant(&self, name: &str, _: Tongue) -> String {
        name.to_owned()
    }
}

fn rule(effect: Effect, whom: &[&str], actions: &[Action], when: Condition) -> Rule {
    let roles = || Whom::Roles(whom.iter().map(|role| (*role).into()).collect());
    Rule {
        id: "rule".into(),
        pack: "test".into(),
        titles: BTreeMap::from([("vi".to_owned(), "Ai cũng được xem".to_owned())]),
        effect,
        whom: if whom.is_empty() { Whom::Everybody } else { roles() },
        actions: actions.iter().copied().collect(),
        when,
        text: "".into(),
    }
}

fn told(rule: &Rule) -> (String, String) {
    (summary(rule, Tongue::Vi, &Codes).text(), summary(rule, Tongue::En, &Codes).text())
}

fn for_purpose(name: &str) -> Condition {
    Condition::Meet(Texts::These([name.into()].into()), Texts::Context(OfContext::Purpose))
}

fn unit_in_charge() -> Condition {
    Condition::Related(Relation::Unit, Texts::Principal(OfPrincipal::Units))
}

#[test]
fn a_rule_is_told_by_what_it_does_and_not_by_its_title() {
    // Its title says that everybody may see; what it does is shut, for one role.
    let lying = rule(Effect::Forbid, &["officer"], &[Action::Reveal], Condition::Const(true));
    let (vi, en) = told(&lying);
    assert_eq!(vi, "Người có vai trò “officer” không được mở che dữ liệu cá nhân, dù quy tắc khác cho phép.");
    assert_eq!(
        en,
        "Those who have the role “officer” may not reveal personal data, whatever other rules allow."
    );
}

#[test]
fn what_must_hold_is_said_with_its_groups() {
    let assigned = Condition::Related(Relation::Assignee, Texts::Principal(OfPrincipal::Id));
    let either = Condition::Any(vec![unit_in_charge(), assigned]);
    let when = Condition::All(vec![for_purpose("case-handling"), either]);
    let (vi, en) = told(&rule(Effect::Permit, &["officer"], &[Action::Read, Action::Write], when));
    assert_eq!(
        vi,
        "Người có vai trò “officer” được xem dữ liệu (dữ liệu cá nhân ở dạng che) và thêm, sửa, xoá dữ liệu, khi mục \
         đích phải là giải quyết hồ sơ; và (dữ liệu do đơn vị của người ấy, hoặc đơn vị trực thuộc, phụ trách; hoặc \
         việc được giao cho chính người ấy)."
    );
    assert_eq!(
        en,
        "Those who have the role “officer” may see data (personal data masked) and add, change and remove data, if \
         the purpose is settling a case; and (their unit, or one below it, is in charge of the data; or the task is \
         assigned to whoever asks)."
    );
}

#[test]
fn a_negation_stands_before_each_fact() {
    let inner = Condition::All(vec![
        Condition::Flag(Flag::SteppedUp),
        Condition::Not(Box::new(Condition::Privacy([Privacy::Open, Privacy::Internal].into()))),
    ]);
    let (vi, en) = told(&rule(Effect::Permit, &[], &[Action::Export], Condition::Not(Box::new(inner))));
    assert_eq!(
        vi,
        "Ai cũng được xuất dữ liệu hàng loạt, khi người ấy chưa xác thực bước hai; hoặc dữ liệu được đánh dấu là mở \
         hoặc nội bộ."
    );
    assert_eq!(
        en,
        "Everybody may take data away in bulk, if they have not shown a second factor; or the data is marked open or \
         internal."
    );
}

#[test]
fn what_always_or_never_holds_is_not_left_in_the_dark() {
    let always = Condition::Any(vec![Condition::Const(true), unit_in_charge()]);
    assert_eq!(
        told(&rule(Effect::Permit, &[], &[Action::Read], always)).1,
        "Everybody may see data (personal data masked)."
    );
    let never = Condition::All(vec![Condition::Const(false), unit_in_charge()]);
    assert!(told(&rule(Effect::Permit, &[], &[Action::Read], never)).1.contains("if never; and"));
    let none = Condition::Any(Vec::new());
    assert!(told(&rule(Effect::Permit, &[], &[Action::Read], none)).0.ends_with("khi không bao giờ."));
}

#[test]
fn the_overview_says_what_a_role_opens_and_what_depends() {
    let open = Condition::Privacy([Privacy::Open].into());
    let sensitive = Condition::All(vec![
        Condition::Privacy([Privacy::Sensitive].into()),
        Condition::Not(Box::new(Condition::Flag(Flag::SteppedUp))),
    ]);
    let book = RuleBook::new(vec![
        rule(Effect::Permit, &[], &[Action::Read], open),
        rule(Effect::Permit, &["officer"], &[Action::Read], unit_in_charge()),
        rule(Effect::Permit, &["inspector"], &[Action::Reveal], Condition::Const(true)),
        rule(Effect::Forbid, &[], &[Action::Reveal], sensitive),
        rule(Effect::Permit, &["administrator"], &[Action::Administer], Condition::Flag(Flag::SteppedUp)),
    ]);
    for (role, action, privacy, expected) in [
        ("officer", Action::Read, Privacy::Open, Holds::Always),
        ("officer", Action::Read, Privacy::Personal, Holds::Depends),
        ("leader", Action::Read, Privacy::Personal, Holds::Never),
        ("inspector", Action::Reveal, Privacy::Personal, Holds::Always),
        ("inspector", Action::Reveal, Privacy::Sensitive, Holds::Depends),
        ("administrator", Action::Administer, Privacy::Open, Holds::Depends),
        ("leader", Action::Administer, Privacy::Open, Holds::Never),
    ] {
        assert_eq!(of_role(&book, role, action, privacy), expected, "{role} {action} {privacy}");
    }
}
