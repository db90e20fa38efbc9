//! Applicants are told of their dossiers: by a real mail server, and by a provider that is called over HTTP.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use dinh_e2e::{MailServer, PATIENCE, Packs, Receiver, Test, run, until};
use serde_json::{Value, json};

use crate::one_stop::{Ward, path};

/// Notices are looked for every five seconds, on a busy machine.
const LONG: Duration = Duration::from_mins(1);

fn by_mail(port: u16) -> String {
    format!(
        "[http]\npublic_url = \"https://hue.example\"\n[notices.smtp]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n\
         from = \"Một cửa phường Thuận Hoá <motcua@hue.gov.vn>\"\n"
    )
}

/// Files a dossier and has it accepted: its applicant is told. Answers its identifier and its number.
async fn accepted(ward: &Ward, filing: &Value) -> anyhow::Result<(String, String)> {
    let filed = ward.person("citizen")?.post(&path(""), filing).await?.expect(201)?.json()?;
    let id = filed["case"]["id"].as_str().context("an identifier")?.to_owned();
    let case = ward.person("clerk")?.act(&id, "accept", json!({})).await?.expect(200)?.json()?;
    Ok((id, case["case"]["number"].as_str().context("a number")?.to_owned()))
}

#[tokio::test]
async fn a_letter_in_vietnamese_arrives_when_a_dossier_is_received() -> Test {
    let mail = MailServer::start().await?;
    let ward = Ward::start(&by_mail(mail.port())).await?;
    let (_, number) = accepted(&ward, &ward.filing("hoa@example.vn")).await?;
    let letters = mail.wait_for("the letter is there", LONG, |all| !all.is_empty()).await?;
    let letter = &letters[0];
    ensure!(letter["to"] == json!(["hoa@example.vn"]) && letter["sender"] == "motcua@hue.gov.vn", "{letter}");
    ensure!(letter["ascii"] == true, "headers and text are encoded: {letter}");
    let header = |name: &str| letter["headers"][name].as_str().unwrap_or_default();
    ensure!(header("subject") == format!("Đã tiếp nhận hồ sơ {number}"), "{letter}");
    ensure!(header("from") == "Một cửa phường Thuận Hoá <motcua@hue.gov.vn>", "{letter}");
    ensure!(header("to") == "Nguyễn Thị Hoa <hoa@example.vn>", "{letter}");
    ensure!(header("auto-submitted") == "auto-generated" && header("content-language") == "vi", "{letter}");
    ensure!(header("message-id").ends_with("@hue.gov.vn>") && !header("date").is_empty(), "{letter}");
    let text = letter["text"].as_str().context("a text")?;
    ensure!(text.starts_with("Kính gửi Nguyễn Thị Hoa,"), "{text}");
    ensure!(text.contains(&format!("Hồ sơ {number} (Cấp bản sao trích lục hộ tịch")), "{text}");
    ensure!(text.contains("https://hue.example/hue/cases/urn:ngsi-ld:Dossier:"), "{text}");
    ensure!(text.contains("xin đừng trả lời"), "{text}");
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_sent_is_shown_with_the_reason_and_what_can_later_is_sent_later() -> Test {
    let mut mail = MailServer::start().await?;
    let mut ward = Ward::start(&by_mail(mail.port())).await?;
    let (wrong, _) = accepted(&ward, &ward.filing("nobody@example.vn")).await?;
    accepted(&ward, &ward.filing("later@example.vn")).await?;
    let to = |all: &[Value], who: &str| all.iter().any(|letter| letter["to"] == json!([who]));
    mail.wait_for("it goes the second time", LONG, |all| to(all, "later@example.vn")).await?;
    let clerk = ward.administrator.official("clerk@hue.gov.vn", "one-stop-officer", &ward.unit).await?;
    let shown = until("officials see it", PATIENCE, || async {
        let page = clerk.get("/notices").await?.expect(200)?.text();
        Ok(page.contains("there is no such mailbox").then_some(page))
    })
    .await?;
    ensure!(shown.contains("&lt;…&gt;") && !shown.contains("nobody@example.vn"), "no address in it: {shown}");
    let page = clerk.get(&format!("/cases/{wrong}")).await?.expect(200)?.text();
    ensure!(page.contains("Chưa báo được cho người nộp"), "on the page of the dossier too: {page}");
    // While the server is away nothing is lost.
    mail.kill().await?;
    accepted(&ward, &ward.filing("waits@example.vn")).await?;
    until("it is known that the way is down", LONG, || async {
        let page = clerk.get("/notices").await?.expect(200)?.text();
        Ok(page.contains("hệ thống đang thử lại").then_some(()))
    })
    .await?;
    mail.start_again().await?;
    mail.wait_for("it goes once the server is back", LONG, |all| to(all, "waits@example.vn")).await?;
    Ok(())
}

#[tokio::test]
async fn a_provider_is_called_as_its_template_says() -> Test {
    let provider = Receiver::start().await?;
    let folder = tempfile::tempdir()?;
    let secret = folder.path().join("token");
    std::fs::write(&secret, "Bearer bi-mat\n")?;
    let config = format!(
        "[[notices.http]]\nname = \"sms\"\nurl = \"{}\"\ntelephone = \"international\"\n\
         secret_headers = {{ Authorization = {:?} }}\ntext = {{ longest = 160, without_accents = true }}\n\
         json = {{ phone = \"{{to}}\", message = \"{{text}}\", id = \"{{key}}\" }}\n",
        provider.url(),
        secret.display().to_string(),
    );
    let ward = Ward::start(&config).await?;
    let mut filing = ward.filing("");
    filing["applicant"]["telephone"] = json!("0905 123 456");
    let (_, number) = accepted(&ward, &filing).await?;
    let called = provider.wait_for("the provider is called", LONG, |all| !all.is_empty()).await?;
    let (body, headers) = (&called[0].body, &called[0].headers);
    ensure!(body["phone"] == "84905123456", "{body}");
    let message = body["message"].as_str().context("a message")?;
    ensure!(message.starts_with(&format!("Ho so {number} (Cap ban sao trich luc")), "{message}");
    ensure!(message.chars().count() <= 160 && message.is_ascii(), "{message}");
    ensure!(headers["authorization"] == "Bearer bi-mat", "{headers:?}");
    Ok(())
}

#[tokio::test]
async fn letters_go_encrypted_and_signed_in() -> Test {
    let folder = tempfile::tempdir()?;
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).map(|()| file)
    };
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
    let (certificate, key) =
        (write("mail.pem", &made.cert.pem())?, write("mail.key", &made.signing_key.serialize_pem())?);
    let password = write("password", "cá chép hoá rồng")?;
    let mail = MailServer::start_careful(&certificate, &key, ("motcua", "cá chép hoá rồng")).await?;
    let config = format!(
        "[notices.smtp]\nhost = \"localhost\"\nport = {}\nfrom = \"motcua@hue.gov.vn\"\nuser = \"motcua\"\n\
         password_file = {:?}\nca_file = {:?}\n",
        mail.port(),
        password.display().to_string(),
        certificate.display().to_string(),
    );
    let ward = Ward::start(&config).await?;
    accepted(&ward, &ward.filing("hoa@example.vn")).await?;
    let letters = mail.wait_for("the letter is there", LONG, |all| !all.is_empty()).await?;
    ensure!(letters[0]["tls"] == true && letters[0]["user"] == "motcua", "{}", letters[0]);
    Ok(())
}

#[tokio::test]
async fn a_configuration_that_cannot_work_is_refused_at_start_and_told_by_the_doctor() -> Test {
    let packs = Packs::new()?;
    let config = packs
        .write("dinh.toml", "[notices.smtp]\nhost = \"mail.example\"\nfrom = \"motcua@hue.gov.vn\"\n")?;
    for verb in ["serve", "doctor"] {
        let arguments = [
            verb.as_ref(),
            "--config".as_ref(),
            config.as_os_str(),
            "--packs".as_ref(),
            packs.path().as_os_str(),
            "--data".as_ref(),
            "data".as_ref(),
            "--listen".as_ref(),
            "127.0.0.1:0".as_ref(),
        ];
        let refused = run(packs.path(), arguments).await?.refused()?;
        let told = format!("{}{}", refused.out, refused.err);
        ensure!(
            told.contains("hãy thêm vào outbound.allow") && told.contains("mail.example:587"),
            "{verb}: {told}"
        );
    }
    Ok(())
}
