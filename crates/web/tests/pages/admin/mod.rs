//! Pages for administrators and auditors, on the shipped packs.

mod attacks;
mod audit;
mod doors;
mod keys;
mod people;
mod roles;
mod units;
mod why;

use dinh_model::Timestamp;
use http::header;
use ring::hmac;

use crate::account::{PASSWORD, cookie, get, post};
use crate::house::{Answered, House, now};

/// Why something is done, where a reason is asked for.
const REASON: (&str, &str) = ("reason", "Quyết định 12/QĐ-UBND");

/// A house with its first administrator, who has stepped up.
pub(crate) struct Desk {
    pub(crate) house: House,
    pub(super) admin: String,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        let house = House::shipped().await;
        let code = house.identity.set_up_code().await.expect("a code").expect("the first");
        let form = [
            ("code", code.as_str()),
            ("name", "Trần Thị Bình"),
            ("email", "binh@hue.gov.vn"),
            ("password", PASSWORD),
        ];
        let made = post(&house, "/hue/set-up", "", &form).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let admin = with_factor(&house, &cookie(&made)).await;
        Self { house, admin }
    }

    pub(crate) async fn get(&self, path: &str) -> Answered {
        get(&self.house, path, &self.admin).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answered {
        post(&self.house, path, &self.admin, form).await
    }

    /// Opens the account of an official with a role; answers its identifier.
    pub(crate) async fn official(&self, name: &str, email: &str, role: &str) -> String {
        let form = [("name", name), ("kind", "official"), ("email", email), ("role", role), REASON];
        let opened = self.post("/hue/admin/people", &form).await;
        assert_eq!(opened.status, 200, "{}", opened.text());
        let link = between(&opened.text(), "recover?link=", "<").to_owned();
        let chosen = [("link", link.as_str()), ("new", PASSWORD)];
        let set = post(&self.house, "/hue/recover", "", &chosen).await;
        assert_eq!(set.status, 200, "{}", set.text());
        between(&opened.text(), "/hue/admin/people/", "\"").to_owned()
    }

    /// Signs somebody in; answers the cookie.
    pub(super) async fn enter(&self, email: &str) -> String {
        let form = [("name", email), ("password", PASSWORD)];
        cookie(&post(&self.house, "/hue/sign-in", "", &form).await)
    }

    /// Signs somebody in with a second factor that is set up for it; answers the cookie.
    pub(crate) async fn enter_stepped_up(&self, email: &str) -> String {
        with_factor(&self.house, &self.enter(email).await).await
    }
}

/// Sets up a second factor; answers the cookie of the session that has stepped up.
async fn with_factor(house: &House, session: &str) -> String {
    let offer = post(house, "/hue/account", session, &[("do", "code-offer")]).await.text();
    let (ticket, secret) =
        (between(&offer, "name=\"ticket\" value=\"", "\""), between(&offer, "<code>", "<"));
    let code = code(secret, now());
    let form = [("do", "code-confirm"), ("ticket", ticket), ("code", code.as_str())];
    let confirmed = post(house, "/hue/account", session, &form).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.text());
    cookie(&confirmed)
}

/// What stands between two texts, the first time that it does.
pub(super) fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text.split_once(before).map(|(_, rest)| rest);
    assert!(rest.is_some(), "no {before} in {text}");
    rest.and_then(|rest| rest.split(after).next()).unwrap_or_default()
}

/// What a telephone shows (RFC 6238).
fn code(secret: &str, now: Timestamp) -> String {
    let (mut key, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in secret.bytes() {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".bytes().position(|b| b == letter).expect("base 32");
        held = (held << 5) | u32::try_from(value).expect("small");
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            key.push(u8::try_from((held >> bits) & 255).expect("a byte"));
        }
    }
    let step = u64::try_from(now.as_micros() / 30_000_000).expect("after 1970");
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let mac = hmac::sign(&key, &step.to_be_bytes());
    let at = usize::from(mac.as_ref()[19] & 15);
    let number = u32::from_be_bytes(mac.as_ref()[at..at + 4].try_into().expect("four")) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// The page in English.
pub(super) async fn english(desk: &Desk, path: &str) -> Answered {
    let request =
        http::Request::get(path).header(header::ACCEPT_LANGUAGE, "en").header(header::COOKIE, &desk.admin);
    desk.house.ask(request).await
}
