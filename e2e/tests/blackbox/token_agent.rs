//! The agent between a USB token and a page: it signs for the site that was named and for who has its code, and for nobody else.

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dinh_e2e::{Reply, Test, TokenAgent, UsbToken, run, skip};
use reqwest::{Client, Method};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::administrator::Browser;

const SITE: &str = "https://dinh.hue.test";
const ARGUMENTS: [&str; 8] =
    ["--token", "dinh", "--site", SITE, "--listen", "127.0.0.1:0", "--pin-file", "pin"];

/// Somebody who asks the agent.
struct Page<'a> {
    client: Client,
    agent: &'a TokenAgent,
    origin: Option<&'a str>,
    host: Option<&'a str>,
    code: &'a str,
}

impl<'a> Page<'a> {
    fn of(agent: &'a TokenAgent) -> Result<Self> {
        let client = Browser::plain()?;
        Ok(Self { client, agent, origin: Some(SITE), host: None, code: &agent.code })
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Reply> {
        let request = self.client.request(method, format!("{}{path}", self.agent.url()));
        let mut request = request.header("dinh-agent-code", self.code);
        for (name, value) in [("origin", self.origin), ("host", self.host)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Reply::read(request).await
    }

    async fn certificates(&self) -> Result<Reply> {
        self.ask(Method::GET, "/v1/certificates", None).await
    }

    async fn sign(&self, body: Value) -> Result<Reply> {
        self.ask(Method::POST, "/v1/signatures", Some(body)).await
    }
}

async fn token(test: &str) -> Result<Option<UsbToken>> {
    let token = UsbToken::make().await?;
    if token.is_none() {
        skip(test, "SoftHSM, or certutil and modutil (libnss3-tools), are not here");
    }
    Ok(token)
}

fn hash(text: &str) -> String {
    digest(&SHA256, text.as_bytes())
        .as_ref()
        .iter()
        .fold(String::new(), |all, byte| format!("{all}{byte:02x}"))
}

#[tokio::test]
async fn a_token_signs_for_the_page_that_was_named_and_says_so_at_its_terminal() -> Test {
    let Some(token) = token("the agent of a token").await? else { return Ok(()) };
    let mut agent = token.agent(&ARGUMENTS).await?;
    let page = Page::of(&agent)?;
    let who = page.ask(Method::GET, "/v1/agent", None).await?.expect(200)?;
    ensure!(who.header("access-control-allow-origin") == SITE, "{:?}", who.headers);
    ensure!(who.json()?["token"] == "dinh", "{}", who.text());
    let held = page.certificates().await?.expect(200)?.json()?;
    let one = &held["certificates"][0];
    ensure!(one["name"] == "HoThiMot" && one["algorithm"] == "rsa-sha256", "{held}");
    let documents = [("1/TL-BS", "văn bản một"), ("2/TL-BS\u{1b}[2J", "văn bản hai")];
    let named: Vec<Value> =
        documents.iter().map(|(title, text)| json!({"title": title, "digest": hash(text)})).collect();
    let body = json!({"certificate": one["certificate"], "algorithm": "rsa-sha256", "documents": named});
    let signed = page.sign(body).await?.expect(200)?.json()?;
    token.run("openssl", "x509 -in cert.pem -pubkey -noout -out public.pem").await?;
    for (at, (_, text)) in documents.iter().enumerate() {
        let signature = STANDARD.decode(signed["signatures"][at].as_str().context("a signature")?)?;
        std::fs::write(token.path("signature"), signature)?;
        std::fs::write(token.path("text"), text)?;
        token.run("openssl", "dgst -sha256 -verify public.pem -signature signature text").await?;
    }
    ensure!(agent.says().await?.contains("HoThiMot: 2 văn bản"), "whose certificate, and how many");
    ensure!(agent.says().await?.contains("1. 1/TL-BS"), "which documents");
    let second = agent.says().await?;
    ensure!(second.contains("2/TL-BS") && !second.contains('\u{1b}'), "{second:?}");
    Ok(())
}

#[tokio::test]
async fn other_sites_other_names_and_wrong_codes_get_nothing() -> Test {
    let Some(token) = token("what the agent of a token refuses").await? else { return Ok(()) };
    let mut agent = token.agent(&ARGUMENTS).await?;
    let port = agent.url().rsplit(':').next().context("a port")?.to_owned();
    let named = format!("dinh.hue.test:{port}");
    let own = Page::of(&agent)?;
    for (origin, host) in [
        (Some("https://evil.test"), None),
        (Some("http://dinh.hue.test"), None),
        (Some("null"), None),
        (None, None),
        (Some(SITE), Some(&*named)),
        (Some(SITE), Some("127.0.0.1")),
    ] {
        let page = Page { origin, host, ..Page::of(&agent)? };
        for path in ["/v1/agent", "/v1/certificates"] {
            let refused = page.ask(Method::GET, path, None).await?.expect(403)?;
            ensure!(
                refused.header("access-control-allow-origin").is_empty(),
                "{origin:?} {host:?} may read it"
            );
            ensure!(!refused.text().contains("HoThiMot"), "{}", refused.text());
        }
        let asked = page.ask(Method::OPTIONS, "/v1/signatures", None).await?.expect(403)?;
        ensure!(asked.header("access-control-allow-private-network").is_empty(), "{origin:?} {host:?}");
    }
    let asks = own.client.request(Method::OPTIONS, format!("{}/v1/signatures", agent.url()));
    let asks = asks.header("origin", SITE).header("access-control-request-private-network", "true");
    let may = Reply::read(asks).await?.expect(204)?;
    ensure!(may.header("access-control-allow-private-network") == "true", "{:?}", may.headers);
    ensure!(may.header("access-control-allow-headers").contains("dinh-agent-code"), "{:?}", may.headers);

    let one = own.certificates().await?.expect(200)?.json()?["certificates"][0]["certificate"].clone();
    let asking = |count: usize, digest: &str, algorithm: &str| {
        let documents: Vec<Value> = (0..count).map(|_| json!({"title": "x", "digest": digest})).collect();
        json!({"certificate": one, "algorithm": algorithm, "documents": documents})
    };
    let good = hash("x");
    for (body, status) in [
        (asking(0, &good, "rsa-sha256"), 422),
        (asking(101, &good, "rsa-sha256"), 422),
        (asking(1, "00", "rsa-sha256"), 422),
        (asking(1, &good, "ecdsa-p256-sha256"), 409),
        (
            json!({"certificate": "00", "algorithm": "rsa-sha256", "documents": [{"title": "x", "digest": good}]}),
            404,
        ),
        (json!({"pin": "2468"}), 422),
        (json!({"certificate": "x".repeat(70_000)}), 413),
    ] {
        own.sign(body).await?.expect(status)?;
    }
    let stranger = Page { code: "AAAA-AAAA", ..Page::of(&agent)? };
    for _ in 0..5 {
        stranger.certificates().await?.expect(401)?;
    }
    own.certificates().await?.expect(401).context("the code is another after five wrong ones")?;
    let said = agent.says().await?;
    ensure!(said.contains("new pairing code: "), "{said}");
    Ok(())
}

#[tokio::test]
async fn it_does_not_start_where_others_could_reach_it_or_without_its_pin() -> Test {
    let Some(token) = token("how the agent of a token starts").await? else { return Ok(()) };
    for listen in ["0.0.0.0:0", "[::]:0"] {
        let arguments = [
            "token-agent",
            "--library",
            token.library(),
            "--token",
            "dinh",
            "--site",
            SITE,
            "--listen",
            listen,
        ];
        let refused = run(&token.path(""), arguments).await?.refused()?;
        ensure!(refused.err.contains("--listen"), "{}", refused.err);
    }
    let http =
        ["--token", "dinh", "--site", "http://dinh.hue.test", "--listen", "127.0.0.1:0", "--pin-file", "pin"];
    let refused = token.agent(&http).await.err().context("not by http")?;
    ensure!(refused.to_string().contains("https://"), "{refused}");
    std::fs::write(token.path("pin"), "1357\n")?;
    let refused = token.agent(&ARGUMENTS).await.err().context("the PIN is wrong")?.to_string();
    ensure!(refused.contains("PIN") && !refused.contains("1357"), "{refused}");
    Ok(())
}
