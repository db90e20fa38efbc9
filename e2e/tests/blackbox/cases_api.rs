//! Dossiers through the API: from filing to the result, and everything that must not be possible.

use std::ffi::OsStr;

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{Reply, Test, run};
use serde_json::{Value, json};

use crate::one_stop::{KIND, Person, Ward, path};

/// A refusal that names field and rule.
fn refused(reply: Reply, status: u16, field: &str, rule: &str) -> Result<()> {
    let problem = reply.expect_problem(status)?;
    ensure!(problem["rule"] == rule, "{problem}");
    ensure!(field.is_empty() || problem["field"] == field, "{problem}");
    Ok(())
}

async fn filed(ward: &Ward, by: &Person) -> Result<(String, Value)> {
    let filed = by.post(&path(""), &ward.filing("hoa@example.vn")).await?.expect(201)?;
    let body = filed.json()?;
    let id = body["case"]["id"].as_str().context("an identifier")?.to_owned();
    ensure!(filed.header("location") == path(&format!("/{id}")), "{}", filed.header("location"));
    Ok((id, body))
}

/// What the audit says of attempts against the rules, about a case if one is named.
async fn denied(ward: &Ward, about: Option<&str>) -> Result<Vec<String>> {
    let data = ward.server.data();
    let mut arguments = vec!["audit", "search", "--action", "denied", "--limit", "200", "--json"];
    arguments.extend(about.into_iter().flat_map(|id| ["--entity", id]));
    let data_given = [OsStr::new("--data"), data.as_os_str()];
    let arguments = arguments.into_iter().map(OsStr::new).chain(data_given);
    let told = run(data, arguments).await?.succeeded()?.out;
    Ok(told.lines().map(str::to_owned).collect())
}

#[tokio::test]
async fn a_dossier_goes_from_a_form_to_its_result() -> Test {
    let ward = Ward::start("").await?;
    let (citizen, clerk) = (ward.person("citizen")?, ward.person("clerk")?);
    let (handler, leader) = (ward.person("handler")?, ward.person("leader")?);
    let kinds = citizen.get(&path("/kinds")).await?.expect(200)?.json()?;
    let known = |kind: &Value| kind["kind"] == KIND && kind["procedure"] == "2.000635";
    ensure!(kinds.as_array().is_some_and(|all| all.iter().any(known)), "{kinds}");
    let kind = citizen.get(&path(&format!("/kinds/{KIND}"))).await?.expect(200)?.json()?;
    ensure!(kind["form"] == KIND && kind["state"].as_array().is_some_and(|all| all.len() > 5), "{kind}");

    let (id, body) = filed(&ward, &citizen).await?;
    ensure!(body["case"]["state"] == "filed" && body["case"]["nationalState"] == 1, "{body}");
    ensure!(body["secret"].as_str().is_some_and(|secret| secret.len() == 10), "{body}");
    let own = citizen.get(&path("/own")).await?.expect(200)?.json()?;
    ensure!(own["total"] == 1 && own["cases"][0]["id"] == id, "{own}");
    ensure!(
        ward.person("neighbour")?.get(&path("/own")).await?.expect(200)?.json()?["total"] == 0,
        "not theirs"
    );

    let queue = clerk.get(&path("?state=filed&kind=civil-status-copy")).await?.expect(200)?.json()?;
    ensure!(queue["total"] == 1 && queue["cases"][0]["version"].is_u64(), "{queue}");
    let case = clerk.act(&id, "accept", json!({})).await?.expect(200)?.json()?;
    let number = case["case"]["number"].as_str().context("a number")?.to_owned();
    ensure!(number.starts_with("H57.20.01-") && number.ends_with("-0001"), "{number}");
    let found = clerk.get(&path(&format!("?number={number}"))).await?.expect(200)?.json()?;
    ensure!(found["total"] == 1 && found["cases"][0]["dueAt"].is_string(), "{found}");
    handler.act(&id, "start", json!({})).await?.expect(200)?;
    handler.act(&id, "submit", json!({"note": "Đủ điều kiện, trình ký."})).await?.expect(200)?;
    let shown = handler.get(&path(&format!("/{id}"))).await?.expect(200)?.text();
    ensure!(shown.contains("Đủ điều kiện, trình ký."), "{shown}");
    leader.act(&id, "approve", json!({})).await?.expect(200)?;
    let case = ward.person("records")?.act(&id, "issue-on-paper", json!({})).await?.expect(200)?.json()?;
    ensure!(case["case"]["outcome"] == "granted" && case["case"]["onTime"] == true, "{case}");

    let shown = citizen.get(&path(&format!("/{id}"))).await?.expect(200)?;
    let text = shown.text();
    let case = shown.json()?;
    ensure!(case["own"] == true && case["answers"]["copies"] == 2, "{case}");
    let steps = case["steps"].as_array().context("steps")?;
    let taken: Vec<&str> = steps.iter().filter_map(|step| step["action"].as_str()).collect();
    ensure!(
        taken.starts_with(&["open", "accept", "start", "submit", "approve", "issue-on-paper"]),
        "{taken:?}"
    );
    ensure!(!text.contains("trình ký"), "what officials say among themselves is not told: {text}");
    Ok(())
}

#[tokio::test]
async fn what_is_against_the_rules_is_refused_with_field_and_rule_and_noted() -> Test {
    let ward = Ward::start("").await?;
    let (citizen, clerk) = (ward.person("citizen")?, ward.person("clerk")?);
    let (id, _) = filed(&ward, &citizen).await?;
    let at = path(&format!("/{id}"));

    let leader = ward.person("leader")?;
    refused(leader.act(&id, "approve", json!({})).await?, 409, "action", "state")?;
    refused(citizen.act(&id, "accept", json!({})).await?, 403, "action", "role")?;
    refused(clerk.act(&id, "accept", json!({"reason": "vì thế"})).await?, 422, "asked.reason", "not-asked")?;
    refused(clerk.act(&id, "ask-completion", json!({})).await?, 422, "asked.reason", "required")?;
    refused(clerk.act(&id, "fly", json!({})).await?, 422, "action", "unknown")?;
    let shown = clerk.get(&at).await?.expect(200)?.json()?;
    let version = shown["case"]["version"].as_u64().context("a version")?;
    let back = json!({"action": "accept", "version": version, "at": "2026-01-02T03:04:05Z"});
    refused(clerk.post(&path(&format!("/{id}/actions")), &back).await?, 422, "at", "server-time")?;
    let stale = json!({"action": "accept", "version": version - 1});
    refused(clerk.post(&path(&format!("/{id}/actions")), &stale).await?, 409, "version", "changed")?;
    let odd = json!({"action": "accept", "version": version, "when": "hôm qua"});
    let problem = clerk.post(&path(&format!("/{id}/actions")), &odd).await?.expect_problem(400)?;
    ensure!(problem["detail"].as_str().is_some_and(|text| text.contains("when")), "{problem}");

    let neighbour = ward.person("neighbour")?;
    refused(neighbour.get(&at).await?, 404, "", "unknown")?;
    let act = json!({"action": "withdraw", "version": version});
    refused(neighbour.post(&path(&format!("/{id}/actions")), &act).await?, 404, "", "unknown")?;

    files_are_bounded(&citizen, &neighbour, &at).await?;
    let shown = clerk.get(&at).await?.expect(200)?.json()?;
    ensure!(
        shown["case"]["state"] == "filed" && shown["case"]["number"].is_null(),
        "nothing has changed: {shown}"
    );
    let entries = denied(&ward, Some(&id)).await?;
    let noted = |what: &str| entries.iter().filter(|entry| entry.contains(what)).count();
    for what in [
        "approve cannot be taken",
        "accept is taken by",
        "was not asked",
        "must be answered",
        "there is no",
        "the time of what is done is the server's",
        "may not be seen",
        "larger than",
        "has no part",
        "at most 5 at once",
    ] {
        ensure!(noted(what) > 0, "{what} is not in the audit: {entries:?}");
    }
    ensure!(noted("may not be seen") >= 3, "each time: {entries:?}");
    Ok(())
}

/// What is too large, is not what it says, comes from somebody else or is one too many is not kept.
async fn files_are_bounded(citizen: &Person, neighbour: &Person, at: &str) -> Test {
    let file = |part: &str, name: &str| format!("{at}/files?part={part}&name={name}");
    refused(
        citizen.send(&file("authorisation", "to.pdf"), "application/pdf", vec![0; 11 << 20]).await?,
        413,
        "file",
        "size",
    )?;
    let script = b"<script>alert(1)</script>".to_vec();
    refused(
        citizen.send(&file("authorisation", "a.pdf"), "application/pdf", script).await?,
        422,
        "file",
        "content",
    )?;
    refused(
        neighbour.send(&file("authorisation", "a.png"), "image/png", picture()).await?,
        404,
        "",
        "unknown",
    )?;
    refused(citizen.send(&file("nonsense", "a.png"), "image/png", picture()).await?, 422, "kind", "kind")?;
    for _ in 0..5 {
        citizen.send(&file("authorisation", "a.png"), "image/png", picture()).await?.expect(200)?;
    }
    refused(
        citizen.send(&file("authorisation", "a.png"), "image/png", picture()).await?,
        409,
        "files",
        "too-many",
    )?;
    Ok(())
}

#[tokio::test]
async fn filings_are_checked_and_a_second_one_opens_nothing() -> Test {
    let ward = Ward::start("").await?;
    let citizen = ward.person("citizen")?;
    let send = |body: Value| {
        let citizen = citizen.clone();
        async move { citizen.post(&path(""), &body).await }
    };
    let with = |name: &str, value: Value| {
        let mut filing = ward.filing("hoa@example.vn");
        filing[name] = value;
        filing
    };
    let mut answers = crate::one_stop::answers();
    answers["copies"] = json!(0);
    refused(send(with("answers", answers)).await?, 422, "answers.copies", "minimum")?;
    let problem = send(with("answers", json!({}))).await?.expect_problem(422)?;
    ensure!(problem["errors"].as_array().is_some_and(|all| all.len() > 4), "all of them are told: {problem}");
    refused(send(with("kind", json!("none"))).await?, 422, "kind", "unknown")?;
    refused(send(with("receiving", json!("urn:ngsi-ld:Unit:none"))).await?, 422, "receiving", "unknown")?;
    refused(send(with("channel", json!("counter"))).await?, 403, "action", "role")?;
    refused(send(with("applicant", json!({"name": ""}))).await?, 422, "applicant.name", "text")?;
    refused(send(with("at", json!("2025-01-01T00:00:00Z"))).await?, 422, "at", "server-time")?;
    let problem = send(with("receivedAt", json!("2025-01-01T00:00:00Z"))).await?.expect_problem(400)?;
    ensure!(problem["detail"].as_str().is_some_and(|text| text.contains("receivedAt")), "{problem}");

    let once = with("once", json!("a-key-of-their-own"));
    let first = send(once.clone()).await?.expect(201)?.json()?;
    let second = send(once.clone()).await?.expect(200)?.json()?;
    ensure!(first["case"]["id"] == second["case"]["id"] && second["secret"].is_null(), "{second}");
    let other = ward.person("neighbour")?.post(&path(""), &once).await?.expect(201)?.json()?;
    ensure!(other["case"]["id"] != first["case"]["id"], "whose key it is counts");
    let own = citizen.get(&path("/own")).await?.expect(200)?.json()?;
    ensure!(own["total"] == 1, "{own}");

    let counter = ward.person("clerk")?.post(&path(""), &with("channel", json!("counter"))).await?;
    let counter = counter.expect(201)?.json()?;
    ensure!(counter["case"]["state"] == "received" && counter["case"]["number"].is_string(), "{counter}");
    let nobody = ward.server.tenant(crate::one_stop::TENANT)?;
    nobody.post(&path(""), &ward.filing("a@b.vn")).await?.expect(401)?;
    nobody.get(&path("/own")).await?.expect(401)?;
    let entries = denied(&ward, None).await?;
    for what in ["was filed already", "the time of what is done is the server's"] {
        ensure!(entries.iter().any(|entry| entry.contains(what)), "{what}: {entries:?}");
    }
    Ok(())
}

/// The smallest picture there is.
fn picture() -> Vec<u8> {
    const PNG: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
    base64::Engine::decode(&base64::engine::general_purpose::STANDARD, PNG).unwrap_or_default()
}
