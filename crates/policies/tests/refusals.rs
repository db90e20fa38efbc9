//! Policies that cannot be used are refused with their name and the part that is wrong.

use dinh_model::Term;
use dinh_policies::{PolicyFile, read};

fn refusal(text: &str) -> String {
    let file = PolicyFile { path: "cases/policies/x.cedar", pack: "cases", text };
    read(&[file], &|name| Term::from(name)).expect_err("it is refused").to_string()
}

fn named(rest: &str) -> String {
    format!("@id(\"p\") @vi(\"x\") @en(\"x\")\n{rest}")
}

#[test]
fn what_is_not_cedar_is_refused() {
    let said = refusal(&named("permit (principal, action, resource"));
    assert!(said.starts_with("cases/policies/x.cedar: "), "{said}");
}

#[test]
fn what_the_schema_does_not_know_is_refused() {
    for text in [
        "permit (principal, action == Action::\"read\", resource) when { resource.colour == \"red\" };",
        "permit (principal, action == Action::\"read\", resource) when { principal.assurance == \"high\" };",
        "permit (principal, action == Action::\"sing\", resource);",
        "permit (principal in Group::\"a\", action == Action::\"read\", resource);",
    ] {
        let said = refusal(&named(text));
        assert!(said.starts_with("cases/policies/x.cedar: "), "{said}");
    }
}

#[test]
fn what_cannot_become_a_filter_is_refused_with_its_name() {
    for text in [
        "permit (principal, action == Action::\"read\", resource) when { principal.units == resource.units };",
        "permit (principal, action == Action::\"read\", resource) when { resource.units.containsAll(principal.units) };",
        "permit (principal, action == Action::\"read\", resource) when { resource.privacy like \"o*\" };",
        "permit (principal, action == Action::\"read\", resource) when { resource.privacy == resource.sector };",
        "permit (principal, action == Action::\"read\", resource == Data::\"x\");",
        "permit (principal == Account::\"x\", action == Action::\"read\", resource);",
        "permit (principal, action, resource);",
    ] {
        let said = refusal(&named(text));
        assert!(said.starts_with("cases/policies/x.cedar: policy \"p\": "), "{text}: {said}");
    }
}

#[test]
fn names_and_titles_are_asked_for() {
    let rest = "permit (principal, action == Action::\"read\", resource);";
    assert!(refusal(rest).contains("@id"), "{}", refusal(rest));
    assert!(refusal(&format!("@id(\"p\") {rest}")).contains("@vi"));
    let twice = format!("{}\n{}", named(rest), named(rest));
    assert!(refusal(&twice).contains("two policies are named \"p\""), "{}", refusal(&twice));
}
