//! Somebody who administers, at the pages: signs in with a second factor, opens accounts, makes and revokes keys.

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{Authority, PATIENCE, Reply, Server, until};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, redirect};
use ring::hmac;

/// Their password.
pub(crate) const PASSWORD: &str = "sông Hương chảy qua thành phố";
/// Why they do something.
const REASON: (&str, &str) = ("reason", "Quyết định 12/QĐ-UBND");

/// A browser at the pages of a province.
pub(crate) struct Browser {
    client: Client,
    /// The address of the province's pages, without a slash at the end.
    home: String,
    cookie: String,
}

/// An administrator who has stepped up.
pub(crate) struct Administrator {
    browser: Browser,
    /// The whole cookie of the session, as it was set.
    session: String,
}

impl Browser {
    /// One that has not been here before.
    pub(crate) fn new(server: &Server, tenant: &str, client: Client) -> Self {
        Self { client, home: format!("{}/{tenant}", server.url()), cookie: String::new() }
    }

    /// A client that goes where it is sent by nobody, as these tests look at every answer themselves.
    pub(crate) fn plain() -> Result<Client> {
        drop(rustls::crypto::ring::default_provider().install_default());
        Ok(Client::builder().no_proxy().redirect(redirect::Policy::none()).build()?)
    }

    /// Sets up a second factor, which steps the session up; answers its whole cookie.
    async fn show_factor(&mut self) -> Result<String> {
        let offer = self.post("/account", &[("do", "code-offer")]).await?.expect(200)?.text();
        let (ticket, secret) =
            (between(&offer, "name=\"ticket\" value=\"", "\"")?, between(&offer, "<code>", "<")?);
        let code = one_time_code(secret)?;
        let form = [("do", "code-confirm"), ("ticket", ticket), ("code", &*code)];
        let confirmed = self.post("/account", &form).await?.expect(200)?;
        Ok(confirmed.header("set-cookie").to_owned())
    }

    /// The cookie of the session, as it is sent.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Opens a page.
    pub(crate) async fn get(&self, path: &str) -> Result<Reply> {
        let request = self.client.get(format!("{}{path}", self.home)).header("accept-language", "vi");
        Reply::read(request.header("cookie", &self.cookie)).await
    }

    /// Fills in a form with a file.
    async fn upload(&self, path: &str, form: &[(&str, &str)], file: &[u8]) -> Result<Reply> {
        const LINE: &str = "dinh-e2e-line";
        let mut body = Vec::new();
        for (name, value) in form {
            let part =
                format!("--{LINE}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.bytes());
        }
        let head = "content-disposition: form-data; name=\"certificate\"; filename=\"x.pem\"\r\n\r\n";
        body.extend(format!("--{LINE}\r\n{head}").bytes());
        body.extend(file);
        body.extend(format!("\r\n--{LINE}--\r\n").bytes());
        let request = self
            .client
            .post(format!("{}{path}", self.home))
            .header("cookie", &self.cookie)
            .header("content-type", format!("multipart/form-data; boundary={LINE}"))
            .body(body);
        Reply::read(request).await
    }

    /// Fills in a form and keeps the cookie of the answer, if there is one.
    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Result<Reply> {
        let field =
            |(name, value): &(&str, &str)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC));
        let body = form.iter().map(field).collect::<Vec<_>>().join("&");
        let request = self
            .client
            .post(format!("{}{path}", self.home))
            .header("accept-language", "vi")
            .header("cookie", &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        let reply = Reply::read(request).await?;
        if let Some(cookie) = reply.header("set-cookie").split(';').next().filter(|cookie| !cookie.is_empty())
        {
            cookie.clone_into(&mut self.cookie);
        }
        Ok(reply)
    }
}

impl Administrator {
    /// The first one of an installation, with a second factor.
    pub(crate) async fn first(server: &Server, tenant: &str, client: Client) -> Result<Self> {
        let code = until("the set-up code is printed", PATIENCE, || async {
            let said = server.said();
            let rest = said.split_once("Set-up code: ").map(|(_, rest)| rest.to_owned());
            Ok(rest.and_then(|rest| rest.split_whitespace().next().map(str::to_owned)))
        })
        .await?;
        let mut browser = Browser::new(server, tenant, client);
        let form =
            [("code", &*code), ("name", "Trần An"), ("email", "an@hue.gov.vn"), ("password", PASSWORD)];
        browser.post("/set-up", &form).await?.expect(303)?;
        let session = browser.show_factor().await?;
        Ok(Self { browser, session })
    }

    /// The cookie of the session with its attributes.
    pub(crate) fn session(&self) -> &str {
        &self.session
    }

    pub(crate) async fn sign_out(&mut self) -> Result<Reply> {
        self.browser.post("/account", &[("do", "sign-out")]).await?.expect(303)
    }

    /// Sets the account at a bank, `bin/number`, to which a unit has money paid.
    pub(crate) async fn collect_at(&mut self, unit: &str, account: &str) -> Result<()> {
        let (bin, number) = account.split_once('/').context("bin/number")?;
        let form = [
            ("unit", unit),
            ("bin", bin),
            ("number", number),
            ("holder", "UBND PHUONG THUAN HOA"),
            ("bank", "Ngân hàng A"),
            ("profile", "generic"),
            ("validFrom", "2020-01-01"),
        ];
        self.browser.post("/money/accounts", &form).await?.expect(200).map(drop)
    }

    /// Opens the account of a system with a role; answers its identifier.
    pub(crate) async fn system(&mut self, name: &str, role: &str) -> Result<String> {
        let form = [("name", name), ("kind", "system"), ("role", role), REASON];
        let opened = self.browser.post("/admin/people", &form).await?.expect(303)?;
        Ok(opened.header("location").rsplit('/').next().context("a way to the account")?.to_owned())
    }

    /// Makes a unit with its electronic identifier; answers its URI.
    pub(crate) async fn unit(&mut self, name: &str, code: &str) -> Result<String> {
        let form = [("name", name), ("code", code), REASON];
        let made = self.browser.post("/admin/units", &form).await?.expect(303)?;
        crate::one_stop::last_part(made.header("location"))
    }

    /// Gives an account a position in a unit.
    pub(crate) async fn position(&mut self, account: &str, unit: &str) -> Result<()> {
        let form = [("do", "give-position"), ("title", "Công chức"), ("unit", unit), REASON];
        self.browser.post(&format!("/admin/people/{account}"), &form).await?.expect(200).map(drop)
    }

    /// Opens the account of an official of a unit, who chooses a password and signs in.
    pub(crate) async fn official(&mut self, email: &str, role: &str, unit: &str) -> Result<Browser> {
        self.hired(email, role, unit).await.map(|(_, browser)| browser)
    }

    /// Opens the account of an official of a unit who has shown a second factor, with a signing key that is kept here: the
    /// seal of the unit or their own. Answers their browser and the key.
    pub(crate) async fn signer(
        &mut self,
        authority: &Authority,
        (email, role, unit): (&str, &str, &str),
        purpose: &str,
    ) -> Result<(Browser, String)> {
        let (account, mut browser) = self.hired(email, role, unit).await?;
        browser.show_factor().await?;
        let form = [
            ("do", "make"),
            ("title", email),
            ("purpose", purpose),
            ("unit", unit),
            ("holder", &*account),
            ("where", "software"),
            ("name", "Ho Thi Mot"),
        ];
        let made = self.browser.post("/admin/signing", &form).await?.expect(200)?.text();
        let id = newest_key(&made)?;
        let request = self.browser.get(&format!("/admin/signing/{id}/request")).await?.expect(200)?;
        let certificate = authority.certify(&request.bytes)?;
        self.browser
            .upload("/admin/signing", &[("do", "certify"), ("key", &*id)], &certificate)
            .await?
            .expect(200)?;
        Ok((browser, id))
    }

    async fn hired(&mut self, email: &str, role: &str, unit: &str) -> Result<(String, Browser)> {
        let form = [("name", "Hồ Thị Một"), ("kind", "official"), ("email", email), ("role", role), REASON];
        let opened = self.browser.post("/admin/people", &form).await?.expect(200)?.text();
        let account = between(&opened, "admin&#x2f;people&#x2f;", "\"")?.to_owned();
        self.position(&account, unit).await?;
        let link = between(&opened, "<code id=\"link\">", "<")?;
        let link = link.split_once("link=").context("the end of the link")?.1;
        let (client, home) = (self.browser.client.clone(), self.browser.home.clone());
        let mut browser = Browser { client, home, cookie: String::new() };
        browser.post("/recover", &[("link", link), ("new", PASSWORD)]).await?.expect(200)?;
        browser.post("/sign-in", &[("name", email), ("password", PASSWORD)]).await?.expect(303)?;
        Ok((account, browser))
    }

    /// Makes a key of an account; answers the key.
    pub(crate) async fn key(&mut self, account: &str) -> Result<String> {
        let form = [
            ("do", "make"),
            ("account", account),
            ("title", "Khoá thử"),
            ("expires", &*a_month_from_now()),
            ("rate", "1000"),
            REASON,
        ];
        let made = self.browser.post("/admin/keys", &form).await?.expect(200)?.text();
        Ok(between(&made, "<code id=\"key\">", "<")?.to_owned())
    }

    /// Revokes a key.
    pub(crate) async fn revoke(&mut self, account: &str, key: &str) -> Result<()> {
        let id = key.split('_').nth(1).context("a key has an identifier")?;
        let form = [("do", "revoke"), ("account", account), ("key", id), REASON];
        self.browser.post("/admin/keys", &form).await?.expect(200).map(drop)
    }

    /// Does one thing to an account: `lock`, `unlock`.
    pub(crate) async fn change(&mut self, account: &str, what: &str) -> Result<()> {
        let form = [("do", what), REASON];
        let done = self.browser.post(&format!("/admin/people/{account}"), &form).await?;
        ensure!(matches!(done.status, 200 | 303), "{what}: {} {}", done.status, done.text());
        Ok(())
    }
}

/// What stands between two texts, the first time that it does.
pub(crate) fn between<'t>(text: &'t str, before: &str, after: &str) -> Result<&'t str> {
    let rest = text.split_once(before).map(|(_, rest)| rest);
    let found = rest.and_then(|rest| rest.split(after).next());
    found.with_context(|| format!("there is no {before} in {text}"))
}

/// The key of the inventory that was made last: the first whose request for a certificate is offered.
fn newest_key(page: &str) -> Result<String> {
    let page = page.replace("&#x2f;", "/");
    let rest = page.split_once("/admin/signing/").context("a key in the inventory")?.1;
    Ok(rest.split('/').next().context("its identifier")?.to_owned())
}

fn now() -> jiff::Timestamp {
    #[expect(clippy::disallowed_methods, reason = "a telephone has the machine's clock")]
    jiff::Timestamp::now()
}

fn a_month_from_now() -> String {
    let today = now().to_zoned(jiff::tz::TimeZone::UTC).date();
    today.checked_add(jiff::Span::new().days(30)).unwrap_or(today).to_string()
}

/// What a code program shows (RFC 6238).
fn one_time_code(secret: &str) -> Result<String> {
    let (mut key, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in secret.bytes() {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|b| *b == letter);
        held = (held << 5) | u32::try_from(value.context("a letter of base 32")?)?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            key.push(u8::try_from((held >> bits) & 255)?);
        }
    }
    let step = u64::try_from(now().as_second() / 30)?;
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key), &step.to_be_bytes());
    let mac = mac.as_ref();
    let at = usize::from(mac.last().copied().unwrap_or_default() & 15);
    let four = mac.get(at..at + 4).context("twenty bytes")?;
    Ok(format!("{:06}", (u32::from_be_bytes(four.try_into()?) & 0x7fff_ffff) % 1_000_000))
}
