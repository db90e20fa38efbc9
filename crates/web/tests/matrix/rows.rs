//! The matrix: a row for each route. A route without a row fails the test; what each caller gets is computed.

use dinh_access::Action;
use serde_json::json;

use crate::planted::Planted;

/// What a route asks of the policy.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Demand {
    /// Nothing, and nothing of the graph is shown. A key that is refused does not matter.
    Free,
    /// Nothing of the graph: for this machine and the write key.
    Metrics,
    /// Whoever is let in at all.
    Enter,
    /// Reading the entity that the path names; these attributes of it are shown.
    One(&'static [&'static str]),
    /// Reading whatever is seen; these attributes are shown of every entity.
    All(&'static [&'static str]),
    /// Reading which types and attributes there are among what is seen.
    Kinds,
    /// Reading about the type of the entity that was planted.
    Kind,
    /// Changing these attributes of the entity that the path or the body names.
    Change(&'static [&'static str]),
    /// Creating an entity like the one that was planted.
    Create,
    /// Writing anything at all.
    Write,
    /// Putting into a feed, which writes what it likes of its types.
    Feed,
    /// Reading a feed, and its rejected records where one may mend them.
    Letters,
    /// Reading and mending rejected records.
    Mend,
    /// What belongs to the program with the write key alone.
    OfWriteKey,
    /// The same, to be changed.
    ChangeOfWriteKey,
    /// What belongs to the program with the write key, shown to administrators too.
    OfWriteKeyOrRun,
    /// The same, to be acted on.
    ActOfWriteKeyOrRun,
    /// Being signed in.
    SignedIn,
    /// Being signed in with one of these roles.
    Role(&'static [&'static str]),
    /// Having an account with one of these roles, with a session or with a key.
    Keyed(&'static [&'static str]),
    /// What is not about data: administer, audit, follow.
    Act(Action),
    /// Either of two such things.
    Either(Action, Action),
    /// Having an account, with a session or with a key.
    Account,
    /// Seeing the requests of everybody about personal data, to settle them.
    Officer,
}

/// What is sent, about an entity.
type Body = fn(&Planted) -> String;

/// A row.
pub(crate) struct Row {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) demand: Demand,
    pub(crate) query: &'static str,
    /// Media type and body, with an entity in it where one is meant.
    pub(crate) body: Option<(&'static str, Body)>,
    /// What may be answered, beside success, to those who may: the request itself is empty or about nothing.
    pub(crate) also: &'static [u16],
    /// Understands `Dinh-Purpose` and `Dinh-Reveal`.
    pub(crate) reveals: bool,
    /// What it changes is the past: the entity that was planted stays as it is.
    pub(crate) past: bool,
}

impl Row {
    pub(crate) fn new(method: &'static str, path: &'static str, demand: Demand) -> Self {
        Self { method, path, demand, query: "", body: None, also: &[], reveals: false, past: false }
    }

    fn query(self, query: &'static str) -> Self {
        Self { query, ..self }
    }

    fn json(self, body: Body) -> Self {
        Self { body: Some(("application/json", body)), ..self }
    }

    fn form(self, body: Body) -> Self {
        Self { body: Some(("application/x-www-form-urlencoded", body)), ..self }
    }

    fn also(self, also: &'static [u16]) -> Self {
        Self { also, ..self }
    }

    fn past(self) -> Self {
        Self { past: true, ..self }
    }

    fn reveals(self) -> Self {
        Self { reveals: true, ..self }
    }
}

fn row(method: &'static str, path: &'static str, demand: Demand) -> Row {
    Row::new(method, path, demand)
}

const WORKERS: &[&str] = &["one-stop-officer", "officer", "unit-leader", "clerk"];
const ISSUERS: &[&str] = &["clerk", "unit-leader", "one-stop-officer"];
const CARDS: &[&str] = &["card-officer", "unit-leader"];
const PAYERS_BACK: &[&str] = &["unit-leader", "treasurer", "one-stop-officer"];
const LEADERS: &[&str] = &["leader", "unit-leader", "inspector"];
const TRIERS: &[&str] =
    &["administrator", "leader", "unit-leader", "officer", "one-stop-officer", "inspector"];
const OFFICE: &[&str] = &["one-stop-officer", "officer", "unit-leader", "clerk", "leader", "inspector"];
const LINKERS: &[&str] = &["administrator", "operator"];
const TEXTS: &[&str] = &["name", "note", "phone", "illness"];
const ALL_TYPES: &str = "type=Bench,Errand,Patient,Verdict,Song&limit=100";

fn property(value: &str) -> serde_json::Value {
    json!({"type": "Property", "value": value})
}

/// The entity itself under another number, with nothing but its name and its ties.
fn like(what: &Planted) -> serde_json::Value {
    let mut body = json!({"id": format!("{}-new", what.id()), "type": what.kind, "name": property("mới")});
    for (name, to) in [("owner", &what.owners), ("unit", &what.units)] {
        if let Some(to) = to.first() {
            body[name] = json!({"type": "Relationship", "object": to});
        }
    }
    if let Some(account) = what.assignees.first() {
        body["assignee"] = property(account);
    }
    body
}

/// The entity itself with another name, and nothing else but its ties.
fn named(what: &Planted) -> serde_json::Value {
    let mut body = like(what);
    body["id"] = json!(what.id());
    body["name"] = property("khác");
    body
}

/// All rows.
#[expect(clippy::too_many_lines, reason = "one line for each route")]
pub(crate) fn rows() -> Vec<Row> {
    use Demand::{
        Account, Act, ActOfWriteKeyOrRun, All, Change, ChangeOfWriteKey, Create, Either, Enter, Feed, Free,
        Keyed, Kind, Kinds, Letters, Mend, Metrics, OfWriteKey, OfWriteKeyOrRun, Officer, One, Role,
        SignedIn, Write,
    };
    let house = || Either(Action::Administer, Action::Audit);
    vec![
        // What operators ask, and what is the same for everybody.
        row("GET", "/health", Free),
        row("GET", "/ready", Free),
        row("GET", "/metrics", Metrics),
        row("GET", "/openapi.json", Free),
        row("GET", "/docs", Free),
        row("GET", "/", Free),
        row("GET", "/favicon.ico", Free),
        row("GET", "/assets/{version}/{*name}", Free).also(&[404]),
        row("GET", "/lang/{tag}", Free),
        row("GET", "/theme/{name}", Free),
        row("GET", "/basemap/{z}/{x}/{y}", Free).also(&[404]),
        row("GET", "/api/v1/provinces", Free),
        // Pages.
        row("GET", "/{tenant}", Enter),
        row("GET", "/{tenant}/", Enter),
        row("GET", "/{tenant}/list", All(&["name"])).query("sort=name"),
        row("GET", "/{tenant}/entity/{id}", One(&["name", "note"])),
        row("GET", "/{tenant}/procedures", Enter).query("q=khai+sinh"),
        row("GET", "/{tenant}/procedures/{procedure}", Enter).also(&[404]),
        row("GET", "/api/v1/{tenant}/procedures", Enter).query("text=khai+sinh"),
        row("GET", "/api/v1/{tenant}/procedures/{procedure}", Enter).also(&[404]),
        row("GET", "/api/v1/{tenant}/cases", Account),
        row("POST", "/api/v1/{tenant}/cases", Account).json(|_| "{}".to_owned()).also(&[400]),
        row("POST", "/api/v1/{tenant}/portal/{counterpart}/dossiers", Keyed(&["national-portal"]))
            .json(|_| "{\"data\": []}".to_owned())
            .also(&[404]),
        row("GET", "/api/v1/{tenant}/cases/own", Account),
        row("GET", "/api/v1/{tenant}/cases/kinds", Enter),
        row("GET", "/api/v1/{tenant}/cases/kinds/{kind}", Enter).also(&[404]),
        row("GET", "/api/v1/{tenant}/cases/{id}", Account).also(&[404]),
        row("POST", "/api/v1/{tenant}/cases/{id}/actions", Account).json(|_| "{}".to_owned()).also(&[400]),
        row("POST", "/api/v1/{tenant}/cases/{id}/opinions", Account).json(|_| "{}".to_owned()).also(&[400]),
        row("POST", "/api/v1/{tenant}/cases/{id}/files", Account).also(&[400]),
        row("GET", "/api/v1/{tenant}/cases/{id}/files/{file}", Account).also(&[404]),
        row("GET", "/api/v1/{tenant}/documents", Account),
        row("GET", "/api/v1/{tenant}/documents/keys", Account),
        row("POST", "/api/v1/{tenant}/documents/signatures", Account).json(|_| "{}".to_owned()).also(&[400]),
        row("POST", "/api/v1/{tenant}/documents/signings", Account).json(|_| "{}".to_owned()).also(&[400]),
        row("POST", "/api/v1/{tenant}/documents/signings/signatures", Account)
            .json(|_| "{}".to_owned())
            .also(&[400]),
        row("GET", "/api/v1/{tenant}/documents/{id}", Account).also(&[404]),
        row("POST", "/api/v1/{tenant}/documents/{id}/signing", Account).json(|_| "{}".to_owned()).also(&[400]),
        row("POST", "/api/v1/{tenant}/documents/{id}/signature", Account).json(|_| "{}".to_owned()).also(&[400]),
        row("GET", "/api/v1/{tenant}/cases/{id}/bills", Account),
        row("POST", "/api/v1/{tenant}/bills/{reference}/cash", Account).json(|_| "{}".to_owned()).also(&[404]),
        row("POST", "/api/v1/{tenant}/statements", Account).also(&[400]),
        row("GET", "/api/v1/{tenant}/money/balances", Account).also(&[403]),
        row("GET", "/{tenant}/sources", Enter),
        row("GET", "/{tenant}/sources/{pack}/{feed}", Letters),
        row("POST", "/{tenant}/sources/{pack}/{feed}", Mend).form(|_| "id=1&record=x&do=correct".to_owned()),
        row("GET", "/{tenant}/forms", Enter),
        row("GET", "/{tenant}/forms/{pack}/{form}", Enter),
        row("POST", "/{tenant}/forms/{pack}/{form}", Enter).form(|_| "do=check".to_owned()).also(&[422]),
        row("GET", "/{tenant}/quanh-toi", All(&[])).query("lon=107.5&lat=16.4"),
        row("GET", "/{tenant}/sign-in", Enter),
        row("POST", "/{tenant}/sign-in", Enter).form(|_| "name=x&password=y".to_owned()).also(&[401]),
        row("POST", "/{tenant}/sign-in/code", Enter).form(|_| "ticket=x&code=1".to_owned()).also(&[401]),
        row("POST", "/{tenant}/sign-in/passkey", Enter).form(|_| "ticket=x&answer=x".to_owned()).also(&[401]),
        row("POST", "/{tenant}/sign-in/passkey/question", Enter).also(&[422]),
        row("GET", "/{tenant}/sign-in/with/{provider}", Enter).also(&[401]),
        row("GET", "/{tenant}/sign-in/back", Enter).query("state=x").also(&[401]),
        row("GET", "/{tenant}/recover", Enter).query("link=x"),
        row("POST", "/{tenant}/recover", Enter).form(|_| "link=x&new=y".to_owned()).also(&[401, 422]),
        row("GET", "/{tenant}/set-up", Enter).also(&[404]),
        row("POST", "/{tenant}/set-up", Enter)
            .form(|_| "code=x&name=y&email=z%40hue.vn&password=z".to_owned())
            .also(&[404, 422]),
        row("GET", "/{tenant}/account", SignedIn),
        row("POST", "/{tenant}/account", SignedIn).form(|_| "do=nothing".to_owned()).also(&[422]),
        row("POST", "/{tenant}/account/passkey/question", SignedIn).also(&[422]),
        row("POST", "/{tenant}/account/with/{provider}", SignedIn).also(&[422]),
        row("GET", "/{tenant}/colours.css", Enter),
        // What is kept of oneself, and its officers.
        row("POST", "/{tenant}/entity/{id}", Enter).form(|_| "purpose=nonsense&reason=xem".to_owned()).also(&[403, 404]),
        row("GET", "/{tenant}/work", Role(WORKERS)),
        row("POST", "/{tenant}/work", Role(WORKERS)).form(|_| "do=nothing".to_owned()),
        row("GET", "/{tenant}/board", Role(LEADERS)),
        row("GET", "/{tenant}/board/now", Role(LEADERS)),
        row("GET", "/{tenant}/board/indicators", Role(LEADERS)),
        row("GET", "/{tenant}/board/cases", Role(LEADERS)).query("of=received"),
        row("GET", "/{tenant}/board/table", Role(LEADERS)).query("of=unit"),
        row("GET", "/{tenant}/portal", Role(LINKERS)),
        row("POST", "/{tenant}/portal", Role(LINKERS)).form(|_| "do=nothing".to_owned()).also(&[409]),
        row("GET", "/{tenant}/portal/arrivals/{id}", SignedIn).also(&[404]),
        row("GET", "/{tenant}/notices", Role(OFFICE)),
        row("POST", "/{tenant}/notices", Role(OFFICE)).form(|what| format!("case={}", what.id())).also(&[404]),
        row("GET", "/{tenant}/cases/{id}", SignedIn).also(&[404]),
        row("POST", "/{tenant}/cases/{id}", SignedIn).form(|_| "do=nothing".to_owned()).also(&[404]),
        row("POST", "/{tenant}/cases/{id}/exemption", SignedIn).form(|_| "do=ask".to_owned()).also(&[404, 409]),
        row("POST", "/{tenant}/cases/{id}/rating", SignedIn).form(|_| "stars=5".to_owned()).also(&[404, 409]),
        row("GET", "/{tenant}/cases/{id}/complain/{kind}", SignedIn).also(&[403, 404]),
        row("POST", "/{tenant}/cases/{id}/complain/{kind}", SignedIn).form(|_| "do=check".to_owned()).also(&[403, 404, 409, 422]),
        row("POST", "/{tenant}/cases/{id}/files", SignedIn).form(|_| "part=x".to_owned()).also(&[404, 422]),
        row("GET", "/{tenant}/cases/{id}/files/{file}", SignedIn).also(&[404]),
        row("GET", "/{tenant}/file/{kind}", SignedIn).also(&[404]),
        row("POST", "/{tenant}/file/{kind}", SignedIn).form(|_| "do=check".to_owned()).also(&[404]),
        row("GET", "/{tenant}/counter", Role(WORKERS)),
        row("POST", "/{tenant}/counter", Role(WORKERS)).form(|_| "do=call".to_owned()).also(&[404]),
        row("GET", "/{tenant}/tickets", Enter),
        row("POST", "/{tenant}/tickets", Enter).form(|_| "unit=none".to_owned()).also(&[404]),
        row("GET", "/{tenant}/tickets/book", SignedIn),
        row("POST", "/{tenant}/tickets/book", SignedIn).form(|_| "unit=none".to_owned()).also(&[404]),
        row("GET", "/{tenant}/tickets/wall", Enter).also(&[404]),
        row("GET", "/{tenant}/tickets/{id}", Enter).also(&[404]),
        row("POST", "/{tenant}/tickets/{id}", SignedIn).form(|_| "do=cancel".to_owned()).also(&[404]),
        row("GET", "/{tenant}/counter/handover", Role(WORKERS)),
        row("POST", "/{tenant}/counter/handover", Role(WORKERS)).form(|_| "do=hand-over".to_owned()),
        row("GET", "/{tenant}/cases/{id}/paper/{form}", SignedIn).also(&[404]),
        row("GET", "/{tenant}/counter/{kind}", Role(WORKERS)).also(&[404]),
        row("POST", "/{tenant}/counter/{kind}", Role(WORKERS)).form(|_| "do=check".to_owned()).also(&[404]),
        row("GET", "/{tenant}/my-bills", SignedIn),
        row("GET", "/{tenant}/bills/{id}", SignedIn).also(&[404]),
        row("POST", "/{tenant}/bills/{id}", SignedIn).form(|_| "do=cash".to_owned()).also(&[404]),
        row("GET", "/{tenant}/receipts/{id}", SignedIn).also(&[404]),
        row("GET", "/{tenant}/money", Role(&["treasurer"])),
        row("POST", "/{tenant}/money", Role(&["treasurer"])).form(|_| "account=none".to_owned()).also(&[422]),
        row("GET", "/{tenant}/money/lines", Role(&["treasurer"])),
        row("POST", "/{tenant}/money/lines", Role(&["treasurer"])).form(|_| "line=none".to_owned()).also(&[404]),
        row("GET", "/{tenant}/money/refunds", Role(PAYERS_BACK)),
        row("POST", "/{tenant}/money/refunds", Role(PAYERS_BACK)).form(|_| "refund=none".to_owned()).also(&[404]),
        row("GET", "/{tenant}/money/ledger", Role(&["treasurer"])),
        row("POST", "/{tenant}/money/ledger", Role(&["treasurer"])).form(|_| "amount=none".to_owned()).also(&[422]),
        row("GET", "/{tenant}/money/ledger/table", Role(&["treasurer"])),
        row("GET", "/{tenant}/money/revenue", Role(&["leader", "inspector", "unit-leader", "treasurer"])),
        row("GET", "/{tenant}/money/till", Role(&["one-stop-officer", "treasurer"])),
        row("POST", "/{tenant}/money/till", Role(&["one-stop-officer", "treasurer"]))
            .form(|_| "counted=none".to_owned())
            .also(&[422]),
        row("GET", "/{tenant}/money/accounts", Role(&["administrator"])),
        row("POST", "/{tenant}/money/accounts", Role(&["administrator"]))
            .form(|_| "validFrom=none".to_owned())
            .also(&[422]),
        row("GET", "/{tenant}/my-cases", SignedIn),
        row("POST", "/{tenant}/my-cases/drafts/{id}", SignedIn).form(|_| "do=discard".to_owned()).also(&[404]),
        row("GET", "/{tenant}/my-documents", SignedIn),
        row("GET", "/{tenant}/follow", Enter),
        row("POST", "/{tenant}/follow", Enter).form(|_| "number=1&secret=2".to_owned()).also(&[422]),
        row("POST", "/{tenant}/follow/rating", Enter).form(|_| "stars=5".to_owned()).also(&[422]),
        row("POST", "/{tenant}/follow/complain/{kind}", Enter).form(|_| "do=refresh".to_owned()).also(&[404]),
        row("POST", "/{tenant}/follow/receipt", Enter).form(|_| "number=1&secret=2".to_owned()).also(&[404]),
        row("GET", "/{tenant}/cases/{id}/pdf/{form}", SignedIn).also(&[404]),
        row("POST", "/{tenant}/work/print", Role(WORKERS)).form(|_| "form=receipt".to_owned()).also(&[400]),
        row("GET", "/{tenant}/check", Enter),
        row("POST", "/{tenant}/check", Enter).form(|_| "digest=x".to_owned()).also(&[422]),
        row("GET", "/{tenant}/check/{code}", Enter).also(&[404]),
        row("POST", "/{tenant}/check/{code}", Enter).form(|_| "digest=x".to_owned()).also(&[404]),
        row("GET", "/{tenant}/issued", Role(ISSUERS)),
        row("GET", "/{tenant}/issued/print", Role(ISSUERS)).also(&[422]),
        row("GET", "/{tenant}/issued/sign", Role(ISSUERS)),
        row("POST", "/{tenant}/issued/sign", Role(ISSUERS)).form(|_| "do=nothing".to_owned()).also(&[422]),
        row("GET", "/{tenant}/issued/{id}", Role(ISSUERS)).also(&[404]),
        row("POST", "/{tenant}/issued/{id}", Role(ISSUERS)).form(|_| "do=revoke&reason=thu+hoi".to_owned()).also(&[404]),
        row("GET", "/{tenant}/issued/{id}/file", SignedIn).also(&[404]),
        row("GET", "/{tenant}/register", Role(ISSUERS)),
        row("GET", "/{tenant}/kinds/{code}/{version}/template/{result}", Role(TRIERS)).also(&[404]),
        row("POST", "/{tenant}/kinds/{code}/{version}/template/{result}", Role(TRIERS)).form(|_| "do=check".to_owned()).also(&[404]),
        row("GET", "/{tenant}/kinds", Enter),
        row("GET", "/{tenant}/kinds/{code}/{version}", Enter).also(&[404]),
        row("GET", "/{tenant}/kinds/{code}/{version}/against/{other}", Enter).also(&[404]),
        row("GET", "/{tenant}/kinds/{code}/{version}/trial", Role(TRIERS)).also(&[404]),
        row("POST", "/{tenant}/kinds/{code}/{version}/trial", Role(TRIERS)).form(|_| "do=nothing".to_owned()).also(&[404]),
        row("GET", "/{tenant}/cases/{id}/version", SignedIn).also(&[404]),
        row("POST", "/{tenant}/cases/{id}/version", SignedIn).form(|_| "to=2".to_owned()).also(&[404]),
        row("GET", "/{tenant}/my-data", SignedIn),
        row("POST", "/{tenant}/my-data", SignedIn).form(|_| "do=nothing".to_owned()).also(&[400, 404, 409, 422]),
        row("GET", "/{tenant}/my-data/kept", SignedIn).also(&[404]),
        row("GET", "/{tenant}/my-data/looks", SignedIn).also(&[403, 404]),
        row("GET", "/{tenant}/my-data/consents/{id}", SignedIn).also(&[404]),
        row("GET", "/{tenant}/my-data/requests/new", SignedIn),
        row("POST", "/{tenant}/my-data/requests/new", SignedIn).form(|_| "kind=x&text=".to_owned()).also(&[400, 403, 404, 422]),
        row("GET", "/{tenant}/my-data/requests/{id}", SignedIn).also(&[404]),
        row("POST", "/{tenant}/my-data/requests/{id}", SignedIn).form(|_| "do=nothing".to_owned()).also(&[404, 409, 422]),
        row("POST", "/{tenant}/my-data/requests/{id}/files", SignedIn).form(|_| "file=x".to_owned()).also(&[404, 422]),
        row("GET", "/{tenant}/my-data/requests/{id}/files/{file}", SignedIn).also(&[404]),
        row("GET", "/{tenant}/privacy/{id}/files/{file}", Officer).also(&[404]),
        row("GET", "/{tenant}/privacy", Officer),
        row("GET", "/{tenant}/privacy/{id}", Officer).also(&[404]),
        row("POST", "/{tenant}/privacy/{id}", Officer).form(|_| "do=nothing".to_owned()).also(&[404, 409, 422]),
        row("GET", "/api/v1/{tenant}/privacy/consents", Account).query("subject=urn:ngsi-ld:Person:be").also(&[403]),
        row("POST", "/api/v1/{tenant}/privacy/consents", Account).json(|_| "{}".to_owned()).also(&[400, 403, 404, 422]),
        row("DELETE", "/api/v1/{tenant}/privacy/consents/{id}", Account).also(&[404]),
        row("GET", "/api/v1/{tenant}/privacy/requests", Account),
        row("POST", "/api/v1/{tenant}/privacy/requests", Account).json(|_| "{}".to_owned()).also(&[400, 403, 422]),
        row("GET", "/api/v1/{tenant}/privacy/requests/{id}", Account).also(&[404]),
        row("DELETE", "/api/v1/{tenant}/privacy/requests/{id}", Account).also(&[404]),
        // Those who run the house.
        row("GET", "/{tenant}/admin", house()),
        row("GET", "/{tenant}/admin/people", Act(Action::Administer)),
        row("POST", "/{tenant}/admin/people", Act(Action::Administer)).form(|_| "name=".to_owned()).also(&[422]),
        row("GET", "/{tenant}/admin/people/{id}", Act(Action::Administer)).also(&[404]),
        row("POST", "/{tenant}/admin/people/{id}", Act(Action::Administer)).form(|_| "do=nothing".to_owned()).also(&[404, 422]),
        row("GET", "/{tenant}/admin/units", Act(Action::Administer)),
        row("POST", "/{tenant}/admin/units", Act(Action::Administer)).form(|_| "name=".to_owned()).also(&[403, 422]),
        row("GET", "/{tenant}/admin/units/{id}", Act(Action::Administer)).also(&[404]),
        row("POST", "/{tenant}/admin/units/{id}", Act(Action::Administer)).form(|_| "do=nothing".to_owned()).also(&[404, 422]),
        row("GET", "/{tenant}/admin/roles", house()),
        row("GET", "/{tenant}/admin/roles/{code}", house()),
        row("GET", "/{tenant}/admin/why", house()),
        row("GET", "/{tenant}/admin/signing", Act(Action::Administer)),
        row("POST", "/{tenant}/admin/signing", Act(Action::Administer)).form(|_| "do=nothing".to_owned()).also(&[404, 422]),
        row("GET", "/{tenant}/admin/signing/{id}/request", Act(Action::Administer)).also(&[404]),
        row("GET", "/{tenant}/signatures", Enter),
        row("POST", "/{tenant}/signatures", Enter).form(|_| "do=nothing".to_owned()).also(&[422]),
        row("GET", "/{tenant}/signatures/sign", SignedIn),
        row("POST", "/{tenant}/signatures/sign", SignedIn).form(|_| "do=nothing".to_owned()).also(&[404, 422]),
        row("GET", "/{tenant}/admin/keys", Act(Action::Administer)),
        row("POST", "/{tenant}/admin/keys", Act(Action::Administer)).form(|_| "do=nothing".to_owned()).also(&[404, 422]),
        row("GET", "/{tenant}/admin/step-up", Act(Action::Administer)),
        row("POST", "/{tenant}/admin/step-up", Act(Action::Administer)).form(|_| "do=nothing".to_owned()).also(&[422]),
        row("GET", "/{tenant}/admin/audit", Act(Action::Audit)),
        row("POST", "/{tenant}/admin/audit/export", Act(Action::Audit)).form(|_| "form=csv".to_owned()).also(&[422]),
        row("POST", "/{tenant}/admin/audit/examine", Act(Action::Audit)).also(&[503]),
        row("GET", "/api/v1/{tenant}/audit", Act(Action::Audit)),
        // The explorer, and what it asks of the house's own interface.
        row("GET", "/{tenant}/explore", Enter),
        row("GET", "/{tenant}/explore/types", Kinds),
        row("GET", "/{tenant}/explore/types/{type}", Kind),
        row("GET", "/{tenant}/explore/attributes", Enter),
        row("GET", "/{tenant}/explore/attributes/{attrId}", Enter).also(&[404]),
        row("GET", "/{tenant}/explore/entities", All(&[])).query("type=Bench,Errand,Patient,Verdict,Song"),
        row("GET", "/{tenant}/explore/entities/{id}", One(TEXTS)),
        row("GET", "/{tenant}/explore/query", All(TEXTS))
            .query("run=1&type=Bench,Errand,Patient,Verdict,Song&limit=100&as=keyValues"),
        row("GET", "/{tenant}/explore/subscriptions", Enter),
        row("GET", "/{tenant}/explore/subscriptions/{subscriptionId}", OfWriteKeyOrRun),
        row("POST", "/{tenant}/explore/subscriptions/{subscriptionId}", OfWriteKeyOrRun)
            .form(|_| "do=nothing".to_owned())
            .also(&[400]),
        row("GET", "/{tenant}/explore/registrations", Enter),
        row("GET", "/{tenant}/explore/contexts", Enter),
        row("POST", "/{tenant}/explore/contexts", Write)
            .form(|_| "do=reload&id=urn%3Ax%3Anone".to_owned())
            .also(&[422]),
        row("GET", "/api/v1/{tenant}/subscriptions", Enter),
        row("GET", "/api/v1/{tenant}/subscriptions/{subscriptionId}", OfWriteKeyOrRun),
        row("POST", "/api/v1/{tenant}/subscriptions/{subscriptionId}/send-again", ActOfWriteKeyOrRun)
            .json(|_| "{}".to_owned()),
        row("GET", "/api/v1/{tenant}/registrations", Enter),
        row("GET", "/api/v1/{tenant}/contexts", Enter),
        // The map.
        row("GET", "/api/v1/{tenant}/layers", Enter),
        row("GET", "/api/v1/{tenant}/events", All(&[])).query("after=0"),
        row("GET", "/tiles/{tenant}/{layer}/{z}/{x}/{y}", All(&[])),
        // The house's own interface.
        row("GET", "/api/v1/{tenant}/commune", Enter).query("lon=107.5&lat=16.4").also(&[404]),
        row("GET", "/api/v1/{tenant}/search", All(&["name"])).query("text=chung&limit=100"),
        // What is kept of oneself. The packs of this test offer nothing of it; crates/privacy tests who may do what.
        row("POST", "/{tenant}/entity/{id}", Enter)
            .form(|_| "purpose=nonsense&reason=x".to_owned())
            .also(&[403, 404]),
        row("GET", "/api/v1/{tenant}/feeds", Enter),
        row("GET", "/api/v1/{tenant}/feeds/{pack}/{feed}", Enter),
        row("POST", "/api/v1/{tenant}/feeds/{pack}/{feed}/records", Feed).json(|_| "nonsense".to_owned()).also(&[400]),
        row("GET", "/api/v1/{tenant}/feeds/{pack}/{feed}/dead-letters", Mend),
        row("PUT", "/api/v1/{tenant}/feeds/{pack}/{feed}/dead-letters/{id}", Mend)
            .json(|_| json!({"code": ""}).to_string())
            .also(&[422]),
        row("DELETE", "/api/v1/{tenant}/feeds/{pack}/{feed}/dead-letters/{id}", Mend).also(&[503]),
        // NGSI-LD: entities.
        row("GET", "/ngsi-ld/v1/entities", All(TEXTS)).query(ALL_TYPES).reveals(),
        row("GET", "/ngsi-ld/v1/entities/{entityId}", One(TEXTS)).reveals(),
        row("GET", "/ngsi-ld/v1/temporal/entities/{entityId}", One(&[])).reveals(),
        row("GET", "/ngsi-ld/v1/temporal/entities", All(&[]))
            .query("type=Bench,Errand,Patient,Verdict,Song&timerel=after&timeAt=2000-01-01T00:00:00Z&timeproperty=createdAt&limit=100")
            .reveals(),
        row("POST", "/ngsi-ld/v1/temporal/entityOperations/query", All(&[])).reveals().query("limit=100").json(|_| {
            json!({"type": "Query",
                "temporalQ": {"timerel": "after", "timeAt": "2000-01-01T00:00:00Z", "timeproperty": "createdAt"},
                "entities": [
                    {"type": "Bench"}, {"type": "Errand"}, {"type": "Patient"}, {"type": "Verdict"}, {"type": "Song"}
                ]})
            .to_string()
        }),
        row("POST", "/ngsi-ld/v1/temporal/entities", Create).json(|what| like(what).to_string()).past(),
        row("POST", "/ngsi-ld/v1/temporal/entities/{entityId}/attrs", Change(&["phone"]))
            .json(|_| json!({"phone": [property("khác")]}).to_string()),
        row("DELETE", "/ngsi-ld/v1/temporal/entities/{entityId}/attrs/{attrId}", Change(&["name"])).past(),
        row("PATCH", "/ngsi-ld/v1/temporal/entities/{entityId}/attrs/{attrId}/{instanceId}", Change(&["name"]))
            .json(|_| property("khác").to_string())
            .also(&[404])
            .past(),
        row("DELETE", "/ngsi-ld/v1/temporal/entities/{entityId}/attrs/{attrId}/{instanceId}", Change(&["name"]))
            .also(&[404])
            .past(),
        row("DELETE", "/ngsi-ld/v1/temporal/entities/{entityId}", Change(TEXTS)).past(),
        row("DELETE", "/ngsi-ld/v1/entities", Write).query("type=Nothing"),
        row("POST", "/ngsi-ld/v1/entityOperations/query", All(TEXTS)).reveals().query("limit=100").json(|_| {
            json!({"type": "Query", "entities": [
                {"type": "Bench"}, {"type": "Errand"}, {"type": "Patient"}, {"type": "Verdict"}, {"type": "Song"}
            ]})
            .to_string()
        }),
        row("POST", "/ngsi-ld/v1/entities", Create).json(|what| like(what).to_string()),
        row("PUT", "/ngsi-ld/v1/entities/{entityId}", Change(TEXTS)).json(|what| named(what).to_string()),
        row("PATCH", "/ngsi-ld/v1/entities/{entityId}", Change(&["note"]))
            .json(|_| json!({"note": property("khác")}).to_string()),
        row("DELETE", "/ngsi-ld/v1/entities/{entityId}", Change(TEXTS)),
        row("POST", "/ngsi-ld/v1/entities/{entityId}/attrs", Change(&["phone"]))
            .json(|_| json!({"phone": property("khác")}).to_string()),
        row("PATCH", "/ngsi-ld/v1/entities/{entityId}/attrs", Change(&["illness"]))
            .json(|_| json!({"illness": property("khác")}).to_string()),
        row("PATCH", "/ngsi-ld/v1/entities/{entityId}/attrs/{attrId}", Change(&["name"]))
            .json(|_| property("khác").to_string()),
        row("PUT", "/ngsi-ld/v1/entities/{entityId}/attrs/{attrId}", Change(&["name"]))
            .json(|_| property("khác").to_string()),
        row("DELETE", "/ngsi-ld/v1/entities/{entityId}/attrs/{attrId}", Change(&["name"])),
        // NGSI-LD: many at once.
        row("POST", "/ngsi-ld/v1/entityOperations/create", Create).json(|what| json!([like(what)]).to_string()),
        row("POST", "/ngsi-ld/v1/entityOperations/upsert", Change(TEXTS)).json(|what| json!([named(what)]).to_string()),
        row("POST", "/ngsi-ld/v1/entityOperations/update", Change(&["name"])).json(|what| json!([named(what)]).to_string()),
        row("POST", "/ngsi-ld/v1/entityOperations/merge", Change(&["name"])).json(|what| json!([named(what)]).to_string()),
        row("POST", "/ngsi-ld/v1/entityOperations/delete", Change(TEXTS)).json(|what| json!([what.id()]).to_string()),
        // NGSI-LD: what there is.
        row("GET", "/ngsi-ld/v1/types", Kinds),
        row("GET", "/ngsi-ld/v1/types/{type}", Kind),
        row("GET", "/ngsi-ld/v1/attributes", Enter),
        row("GET", "/ngsi-ld/v1/attributes/{attrId}", Enter).also(&[404]),
        row("GET", "/ngsi-ld/v1/info/sourceIdentity", Enter),
        // NGSI-LD: subscriptions and contexts.
        row("GET", "/ngsi-ld/v1/subscriptions", Enter),
        row("POST", "/ngsi-ld/v1/subscriptions", Write).json(|_| {
            json!({"type": "Subscription", "entities": [{"type": "Bench"}],
                "notification": {"endpoint": {"uri": "http://receiver.example/", "accept": "application/json"}}})
            .to_string()
        }),
        row("GET", "/ngsi-ld/v1/subscriptions/{subscriptionId}", OfWriteKey),
        row("PATCH", "/ngsi-ld/v1/subscriptions/{subscriptionId}", ChangeOfWriteKey)
            .json(|_| json!({"type": "Subscription", "description": "khác"}).to_string()),
        row("DELETE", "/ngsi-ld/v1/subscriptions/{subscriptionId}", ChangeOfWriteKey),
        row("GET", "/ngsi-ld/v1/entityMaps", Enter).also(&[400]),
        row("POST", "/ngsi-ld/v1/entityMaps", Enter)
            .json(|_| json!({"type": "Query", "entities": [{"type": "Bench"}]}).to_string()),
        row("GET", "/ngsi-ld/v1/temporal/entityMaps", Enter).also(&[400]),
        row("POST", "/ngsi-ld/v1/temporal/entityMaps", Enter).json(|_| {
            let time = json!({"timerel": "before", "timeAt": "2099-01-01T00:00:00Z"});
            json!({"type": "Query", "entities": [{"type": "Bench"}], "temporalQ": time}).to_string()
        }),
        row("GET", "/ngsi-ld/v1/entityMaps/{entityMapId}", Enter).also(&[404]),
        row("PATCH", "/ngsi-ld/v1/entityMaps/{entityMapId}", Enter)
            .json(|_| json!({"expiresAt": "2099-01-01T00:00:00Z"}).to_string())
            .also(&[404]),
        row("DELETE", "/ngsi-ld/v1/entityMaps/{entityMapId}", Enter).also(&[404]),
        row("POST", "/ngsi-ld/v1/snapshots", Write).json(|_| {
            json!({"type": "Snapshot", "snapshotQueries": [{"type": "Query", "entities": [{"type": "Bench"}]}]}).to_string()
        }),
        row("DELETE", "/ngsi-ld/v1/snapshots", Write).query("q=snapshotPriority%3E9").also(&[404]),
        row("GET", "/ngsi-ld/v1/snapshots/{snapshotId}", Enter).also(&[404]),
        row("PATCH", "/ngsi-ld/v1/snapshots/{snapshotId}", Write)
            .json(|_| json!({"snapshotPriority": 2}).to_string())
            .also(&[404]),
        row("DELETE", "/ngsi-ld/v1/snapshots/{snapshotId}", Write).also(&[404]),
        row("POST", "/ngsi-ld/v1/snapshots/{snapshotId}/clone", Write)
            .json(|_| json!({"type": "Snapshot"}).to_string())
            .also(&[404]),
        row("GET", "/ngsi-ld/v1/csourceRegistrations", Enter).also(&[400]),
        // Whoever registers a source must be able to change every entity of its types, as whoever puts into a feed.
        row("POST", "/ngsi-ld/v1/csourceRegistrations", Feed).json(|_| {
            json!({"type": "ContextSourceRegistration", "information": [{"entities": [{"type": "Bench"}]}],
                "endpoint": "http://receiver.example/"})
            .to_string()
        }),
        row("GET", "/ngsi-ld/v1/csourceRegistrations/{registrationId}", Enter).also(&[404]),
        row("PATCH", "/ngsi-ld/v1/csourceRegistrations/{registrationId}", Write)
            .json(|_| json!({"type": "ContextSourceRegistration", "description": "khác"}).to_string())
            .also(&[404]),
        row("DELETE", "/ngsi-ld/v1/csourceRegistrations/{registrationId}", Write).also(&[404]),
        row("POST", "/ngsi-ld/ex/remote-notify", Free)
            .json(|_| json!({"type": "Notification", "subscriptionId": "urn:x:none", "data": []}).to_string())
            .also(&[404]),
        row("GET", "/ngsi-ld/v1/csourceSubscriptions", Enter),
        row("POST", "/ngsi-ld/v1/csourceSubscriptions", Write).json(|_| {
            json!({"type": "Subscription", "entities": [{"type": "Bench"}],
                "notification": {"endpoint": {"uri": "http://receiver.example/", "accept": "application/json"}}})
            .to_string()
        }),
        row("GET", "/ngsi-ld/v1/csourceSubscriptions/{subscriptionId}", Enter).also(&[404]),
        row("PATCH", "/ngsi-ld/v1/csourceSubscriptions/{subscriptionId}", Write)
            .json(|_| json!({"type": "Subscription", "description": "khác"}).to_string())
            .also(&[404]),
        row("DELETE", "/ngsi-ld/v1/csourceSubscriptions/{subscriptionId}", Write).also(&[404]),
        row("GET", "/ngsi-ld/v1/jsonldContexts", Enter),
        row("GET", "/ngsi-ld/v1/jsonldContexts/{contextId}", Enter).also(&[404]),
        row("POST", "/ngsi-ld/v1/jsonldContexts", Write).json(|_| json!({"@context": {}}).to_string()),
        row("DELETE", "/ngsi-ld/v1/jsonldContexts/{contextId}", Write).also(&[404]),
        // E-cards. The packs of this test offer none; crates/cards tests who may do what.
        row("GET", "/{tenant}/verify", Enter).also(&[404]),
        row("POST", "/{tenant}/verify", Enter).form(|_| "text=x".to_owned()).also(&[404]),
        row("GET", "/{tenant}/verify/worker.js", Enter).also(&[404]),
        row("GET", "/{tenant}/presentations", SignedIn).also(&[404]),
        row("POST", "/{tenant}/presentations", SignedIn).form(|_| "claim=name".to_owned()).also(&[404, 422]),
        row("GET", "/{tenant}/presentations/{state}", SignedIn).also(&[404]),
        row("GET", "/{tenant}/my-cards", SignedIn).also(&[404]),
        row("POST", "/{tenant}/my-cards", SignedIn).form(|_| "reason=x".to_owned()).also(&[404]),
        row("GET", "/{tenant}/my-cards/{id}", SignedIn).also(&[404]),
        row("POST", "/{tenant}/my-cards/{id}", SignedIn).form(|_| "do=nothing".to_owned()).also(&[404]),
        row("GET", "/{tenant}/cards", Role(CARDS)).also(&[404]),
        row("GET", "/{tenant}/cards/standing", Role(CARDS)).also(&[404]),
        row("POST", "/{tenant}/cards/standing", Role(CARDS)).form(|_| "reason=x".to_owned()).also(&[404]),
        row("GET", "/{tenant}/cards/new", Role(CARDS)).also(&[404]),
        row("POST", "/{tenant}/cards/new", Role(CARDS)).form(|_| "person=x".to_owned()).also(&[404]),
        row("GET", "/{tenant}/cards/check-ins", Role(CARDS)).also(&[404]),
        row("POST", "/{tenant}/cards/check-ins", Role(CARDS)).form(|_| "title=x".to_owned()).also(&[404]),
        row("GET", "/{tenant}/cards/check-ins/{id}", Role(CARDS)).also(&[404]),
        row("POST", "/{tenant}/cards/check-ins/{id}", Role(CARDS)).form(|_| "text=x".to_owned()).also(&[404]),
        row("GET", "/{tenant}/cards/print", Role(CARDS)).also(&[404]),
        row("GET", "/{tenant}/cards/{id}", Role(CARDS)).also(&[404]),
        row("POST", "/{tenant}/cards/{id}", Role(CARDS)).form(|_| "do=nothing".to_owned()).also(&[404]),
        row("POST", "/{tenant}/cards/{id}/task", Role(CARDS)).form(|_| "title=x".to_owned()).also(&[404]),
        row("GET", "/{tenant}/cards/{id}/print", Role(CARDS)).also(&[404]),
        row("GET", "/{tenant}/cards/{id}/photo", SignedIn).also(&[404]),
        row("GET", "/api/v1/{tenant}/cards/keys", Free).also(&[404]),
        row("GET", "/api/v1/{tenant}/cards/status", Free).also(&[404]),
        row("GET", "/api/v1/{tenant}/cards/status/{list}", Free).also(&[404]),
        row("POST", "/api/v1/{tenant}/cards/check", Enter).json(|_| json!({"text": "x"}).to_string()).also(&[404]),
        row("GET", "/.well-known/openid-credential-issuer/api/v1/{tenant}/cards", Free).also(&[404]),
        row("GET", "/.well-known/oauth-authorization-server/api/v1/{tenant}/cards", Free).also(&[404]),
        row("GET", "/.well-known/jwt-vc-issuer/api/v1/{tenant}/cards", Free).also(&[404]),
        row("POST", "/api/v1/{tenant}/cards/offers", Account).json(|_| "{}".to_owned()).also(&[404]),
        row("POST", "/api/v1/{tenant}/cards/token", Free).form(|_| "grant_type=x".to_owned()).also(&[404]),
        row("POST", "/api/v1/{tenant}/cards/nonce", Free).also(&[404]),
        row("POST", "/api/v1/{tenant}/cards/credential", Free).json(|_| "{}".to_owned()).also(&[404]),
        row("POST", "/api/v1/{tenant}/cards/questions", Account).also(&[404]),
        row("POST", "/api/v1/{tenant}/cards/answers", Account).json(|_| "{}".to_owned()).also(&[404]),
        row("POST", "/api/v1/{tenant}/cards/answers/{state}", Free).form(|_| "state=x".to_owned()).also(&[404]),
    ]
}
