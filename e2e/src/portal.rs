//! A national portal for tests: a real HTTP server that keeps what it is told, insists on its rules, and can be out of sorts.
//!
//! It speaks the envelope that provinces speak: `login` opens a session, `g` takes `DongBoHoSoMC`, `CapNhatTienDoHoSoMC` and
//! `TraCuuHoSo`. A dossier is added once (`-3` “đã tồn tại” after that) and changed afterwards; steps belong to a dossier that
//! is there and come in their order. What breaks a rule is refused, and kept among the [`Simulated::wrong`].

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Result;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router, routing::get, routing::post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::until;

/// Name and password that open a session.
pub const PORTAL_LOGIN: (&str, &str) = ("hue", "cá chép hoá rồng");

/// How the portal answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortalMood {
    /// As it should.
    Well,
    /// As it should, after a while.
    Slow(Duration),
    /// 503, and nothing is taken.
    Away,
    /// It takes what it is told, and its answer is lost on the way (502).
    Forgetful,
    /// An answer of no contract.
    Odd,
    /// It refuses dossiers whose number is this, with this number of a fault and these words.
    Refusing(String, String, String),
}

/// What the portal knows of a dossier.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Simulated {
    /// The dossier as it was told last.
    pub message: Value,
    /// How often it was told.
    pub told: usize,
    /// Its steps, in their order.
    pub steps: Vec<Value>,
    /// Steps that came again.
    pub again: usize,
}

#[derive(Debug)]
struct Shared {
    mood: Mutex<PortalMood>,
    dossiers: Mutex<BTreeMap<String, Simulated>>,
    wrong: Mutex<Vec<String>>,
    files: Mutex<BTreeMap<String, (String, Vec<u8>)>>,
    sessions: Mutex<(usize, Option<String>)>,
    calls: Mutex<usize>,
    procedures: Mutex<Vec<Value>>,
}

/// The portal, on a free port, gone when dropped.
#[derive(Debug)]
pub struct PortalServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl PortalServer {
    /// Starts listening.
    pub async fn start() -> Result<Self> {
        let shared = Arc::new(Shared {
            mood: Mutex::new(PortalMood::Well),
            dossiers: Mutex::default(),
            wrong: Mutex::default(),
            files: Mutex::default(),
            sessions: Mutex::default(),
            calls: Mutex::default(),
            procedures: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/login", post(login))
            .route("/g", post(call))
            .route("/files/{name}", get(file))
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(Self { address, shared, task })
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes how it answers from now on.
    pub fn set(&self, mood: PortalMood) {
        *held(&self.shared.mood) = mood;
    }

    /// What it knows, by the numbers of dossiers.
    pub fn dossiers(&self) -> BTreeMap<String, Simulated> {
        held(&self.shared.dossiers).clone()
    }

    /// What broke its rules.
    pub fn wrong(&self) -> Vec<String> {
        held(&self.shared.wrong).clone()
    }

    /// How often a service was called.
    pub fn calls(&self) -> usize {
        *held(&self.shared.calls)
    }

    /// Forgets a dossier, or makes it stand elsewhere.
    pub fn change(&self, number: &str, state: Option<&str>) {
        let mut dossiers = held(&self.shared.dossiers);
        match (state, dossiers.get_mut(number)) {
            (Some(state), Some(known)) => known.message["TrangThaiHoSo"] = json!(state),
            (None, _) => drop(dossiers.remove(number)),
            _ => {}
        }
    }

    /// Lists procedures, as `LayThuTuc` tells of them.
    pub fn list(&self, procedures: Vec<Value>) {
        *held(&self.shared.procedures) = procedures;
    }

    /// Ends the session that is open.
    pub fn end_session(&self) {
        held(&self.shared.sessions).1 = None;
    }

    /// Offers a file; answers its address.
    pub fn offer(&self, name: &str, media_type: &str, content: &[u8]) -> String {
        held(&self.shared.files).insert(name.to_owned(), (media_type.to_owned(), content.to_vec()));
        format!("{}/files/{name}", self.url())
    }

    /// Waits until what it knows satisfies `enough`, and answers it.
    pub async fn wait_for(
        &self,
        what: &str,
        limit: Duration,
        enough: impl Fn(&BTreeMap<String, Simulated>) -> bool,
    ) -> Result<BTreeMap<String, Simulated>> {
        until(what, limit, || async {
            let known = self.dossiers();
            Ok(enough(&known).then_some(known))
        })
        .await
    }
}

impl Drop for PortalServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn login(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    let (user, password) = PORTAL_LOGIN;
    if body["username"] != user || body["password"] != password {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut sessions = held(&shared.sessions);
    sessions.0 += 1;
    let session = format!("session-{}", sessions.0);
    sessions.1 = Some(session.clone());
    Json(json!({"error_code": "0", "session": session})).into_response()
}

async fn call(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    *held(&shared.calls) += 1;
    let mood = held(&shared.mood).clone();
    match mood {
        PortalMood::Slow(pause) => tokio::time::sleep(pause).await,
        PortalMood::Away => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        PortalMood::Odd => return "<html>bảo trì</html>".into_response(),
        PortalMood::Well | PortalMood::Forgetful | PortalMood::Refusing(..) => {}
    }
    let open = held(&shared.sessions).1.clone();
    if open.is_none() || body["session"].as_str() != open.as_deref() {
        return Json(json!({"error_code": "-1", "message": "Session hết hạn"})).into_response();
    }
    let answer = match body["service"].as_str() {
        Some("DongBoHoSoMC") => shared.dossier(&body),
        Some("CapNhatTienDoHoSoMC") => shared.steps(&body),
        Some("TraCuuHoSo") => Ok(shared.look_up(&body)),
        Some("LayDanhSachTTHC") => Ok(shared.listed()),
        Some("LayThuTuc") => Ok(shared.procedure(&body)),
        other => Err(("-9", format!("unknown service {other:?}"))),
    };
    if held(&shared.mood).clone() == PortalMood::Forgetful {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let answer = answer.unwrap_or_else(|(code, message)| json!({"error_code": code, "message": message}));
    Json(answer).into_response()
}

async fn file(State(shared): State<Arc<Shared>>, Path(name): Path<String>) -> Response {
    match held(&shared.files).get(&name).cloned() {
        Some((media_type, content)) => ([(header::CONTENT_TYPE, media_type)], content).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A refusal: its number and its words.
type Refused = (&'static str, String);

impl Shared {
    /// Adds or changes dossiers.
    fn dossier(&self, body: &Value) -> Result<Value, Refused> {
        let updating = match body["isUpdating"].as_str() {
            Some("True") => true,
            Some("False") => false,
            other => return Err(self.breaks("-9", format!("isUpdating is {other:?}"))),
        };
        for message in body["data"].as_array().into_iter().flatten() {
            let number = message["MaHoSo"].as_str().unwrap_or_default().to_owned();
            if let PortalMood::Refusing(which, code, text) = held(&self.mood).clone()
                && which == number
            {
                let code: &'static str = if code == "-3" { "-3" } else { "-5" };
                return Err((code, text));
            }
            if let Some(fault) = fault(message) {
                return Err(self.breaks("-2", format!("{number}: {fault}")));
            }
            let mut dossiers = held(&self.dossiers);
            match (updating, dossiers.get_mut(&number)) {
                (false, Some(_)) => return Err(("-3", "Hồ sơ đã tồn tại".to_owned())),
                (false, None) => {
                    let known = Simulated { message: message.clone(), told: 1, ..Simulated::default() };
                    dossiers.insert(number, known);
                }
                (true, Some(known)) => {
                    known.message = message.clone();
                    known.told += 1;
                }
                // What was filed on the portal is there: it is known by the message that tells so.
                (true, None) if message["NoiNopHoSo"] == "1" => {
                    let known = Simulated { message: message.clone(), told: 1, ..Simulated::default() };
                    dossiers.insert(number, known);
                }
                (true, None) => return Err(("-4", "Hồ sơ không tồn tại".to_owned())),
            }
        }
        Ok(json!({"error_code": "0", "message": "Thành công"}))
    }

    /// Takes steps: of a dossier that is there, at most ten, in their order. One that came already is counted alone.
    fn steps(&self, body: &Value) -> Result<Value, Refused> {
        let steps: Vec<Value> = body["data"].as_array().cloned().unwrap_or_default();
        if steps.is_empty() || steps.len() > 10 {
            return Err(self.breaks("-2", format!("{} steps at once", steps.len())));
        }
        let mut dossiers = held(&self.dossiers);
        for step in steps {
            let number = step["MaHoSo"].as_str().unwrap_or_default();
            let Some(known) = dossiers.get_mut(number) else {
                return Err(self.breaks("-4", format!("{number}: a step before its dossier")));
            };
            if known.steps.contains(&step) {
                known.again += 1;
                continue;
            }
            let place = known.steps.len() + 1;
            let text = step["NoiDungXuLy"].as_str().unwrap_or_default();
            if !text.starts_with(&format!("Bước {place}:")) {
                return Err(self.breaks("-6", format!("{number}: {text:?} comes as step {place}")));
            }
            known.steps.push(step);
        }
        Ok(json!({"error_code": "0", "message": "Thành công"}))
    }

    fn look_up(&self, body: &Value) -> Value {
        let number = body["mahoso"].as_str().unwrap_or_default();
        let dossiers = held(&self.dossiers);
        let found = dossiers
            .get(number)
            .map(|known| json!({"MaHoSo": number, "TrangThaiHoSo": known.message["TrangThaiHoSo"]}));
        json!({"error_code": "0", "result": found.into_iter().collect::<Vec<_>>()})
    }

    fn listed(&self) -> Value {
        let procedures = held(&self.procedures);
        let codes = procedures.iter().map(|one| json!({"MATTHC": one["MATTHC"]}));
        json!({"error_code": "0", "result": codes.collect::<Vec<_>>()})
    }

    fn procedure(&self, body: &Value) -> Value {
        let procedures = held(&self.procedures);
        let found = procedures.iter().find(|one| one["MATTHC"] == body["maTTHC"]);
        json!({"error_code": "0", "result": found.into_iter().collect::<Vec<_>>()})
    }

    fn breaks(&self, code: &'static str, what: String) -> Refused {
        held(&self.wrong).push(what.clone());
        (code, what)
    }
}

/// What a dossier's message lacks.
fn fault(message: &Value) -> Option<String> {
    let empty = |field: &&str| message[*field].as_str().is_none_or(str::is_empty);
    let needed = ["MaHoSo", "MaTTHC", "TenTTHC", "ChuHoSo", "LoaiDoiTuong", "TrangThaiHoSo", "NgayNopHoSo"];
    if let Some(field) = needed.iter().find(|field| empty(field)) {
        return Some(format!("{field} is missing"));
    }
    let moment = |field: &&str| {
        let text = message[*field].as_str().unwrap_or_default();
        !text.is_empty() && (text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let moments = ["NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayTra", "NgayKetThucXuLy", "NgayTuChoi"];
    moments.iter().find(|field| moment(field)).map(|field| format!("{field} is no moment"))
}
