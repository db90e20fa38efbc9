use proptest::prelude::*;

use super::*;

fn generic() -> CsvProfile {
    toml::from_str(
        r#"
        code = "generic"
        title = "Bảng chung"
        day_format = "%d/%m/%Y %H:%M:%S"
        day = "Ngày giao dịch"
        text = "Nội dung"
        credit = "Ghi có"
        debit = "Ghi nợ"
        balance = "Số dư"
        reference = "Số tham chiếu"
        "#,
    )
    .expect("is a profile")
}

const TABLE: &str = "NGÂN HÀNG A,,,,,\nSao kê tài khoản 1031933430,,,,,\n\
    Ngày giao dịch,Số tham chiếu,Ghi nợ,Ghi có,Số dư,Nội dung\n\
    23/11/2026 08:30:05,FT1,,\"16,000\",\"116,000\",\"DH0000 le phi, TRAN THI AN\"\n\
    23/11/2026 09:00:00,FT2,\"6,000\",,\"110,000\",phi\n\
    24/11/2026,FT3,0,75000.00,185000,\"nộp\n  phí\"\n,,,,,Cộng\n";

const MT940: &str = "{1:F01BANKVNVXAXXX}{4:\n:20:STMT1\n:25:1031933430\n:28C:1/1\n:60F:C261123VND100000,\n\
    :61:2611231123C16000,NTRFNONREF//FT1\n:86:DH0000 le\nphi\n:61:261123D6000,NMSCREF2//FT2\nphi chuyen\n\
    :61:261124RD1000,NTRFNONREF//FT3\n:62F:C261124VND111000,\n-}\n";

const CAMT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Acct><Id><Othr><Id>1031933430</Id></Othr></Id><Ccy>VND</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="VND">100000</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="VND">140000</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="VND">16000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><DtTm>2026-11-23T18:30:00Z</DtTm></BookgDt><AcctSvcrRef>FT1</AcctSvcrRef>
<NtryDtls><TxDtls><RmtInf><Ustrd>DH0000 A&amp;B &#x111;</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="VND">30000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-24</Dt></BookgDt>
<AcctSvcrRef>FT2</AcctSvcrRef><NtryDtls>
<TxDtls><AmtDtls><TxAmt><Amt Ccy="VND">10000</Amt></TxAmt></AmtDtls><RmtInf><Ustrd>one</Ustrd></RmtInf></TxDtls>
<TxDtls><AmtDtls><TxAmt><Amt Ccy="VND">20000</Amt></TxAmt></AmtDtls><RmtInf><Ustrd>two</Ustrd></RmtInf></TxDtls>
</NtryDtls></Ntry>
<Ntry><Amt Ccy="VND">6000</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-24</Dt></BookgDt></Ntry>
<Ntry><Amt Ccy="VND">999</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-11-24</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"#;

fn read(text: &str, format: Format<'_>) -> Result<Statement, StatementFault> {
    Statement::read(text.as_bytes(), format)
}

fn amounts(statement: &Statement) -> Vec<i64> {
    statement.lines.iter().map(|line| line.amount).collect()
}

#[test]
fn tables_are_read_by_the_names_of_their_columns() {
    let statement = read(TABLE, Format::Csv(&generic())).expect("can be read");
    assert_eq!(amounts(&statement), [16_000, -6_000, 75_000]);
    assert_eq!((statement.opening, statement.closing), (Some(100_000), Some(185_000)));
    let first = &statement.lines[0];
    assert_eq!(first.time.map(|time| time.to_string()).as_deref(), Some("08:30:05"));
    assert_eq!(first.text, "DH0000 le phi, TRAN THI AN");
    assert_eq!(statement.lines[2].text, "nộp phí");
    assert_eq!(statement.lines[2].time, None);
}

#[test]
fn tables_with_the_latest_line_first_are_balanced_too() {
    let mut lines: Vec<&str> = TABLE.lines().collect();
    lines.retain(|line| !line.contains("nộp") && !line.contains("phí\""));
    lines.swap(3, 4);
    let statement = read(&lines.join("\n"), Format::Csv(&generic())).expect("can be read");
    assert_eq!((statement.opening, statement.closing), (Some(100_000), Some(110_000)));
}

#[test]
fn a_table_with_a_line_taken_out_is_found_out() {
    let cut: String =
        TABLE.lines().filter(|line| !line.contains("FT2")).fold(String::new(), |all, line| all + line + "\n");
    let fault = read(&cut, Format::Csv(&generic())).expect_err("is incomplete");
    assert!(matches!(fault, StatementFault::Balance(_)), "{fault}");
}

#[test]
fn faults_of_tables_name_line_and_field() {
    let fault =
        |from: &str, to: &str| read(&TABLE.replace(from, to), Format::Csv(&generic())).expect_err("is wrong");
    assert_eq!(fault("Ghi có", "Gì đó"), StatementFault::Column("Ghi có".to_owned()));
    let amount = fault("\"16,000\"", "16.5");
    assert_eq!(
        amount.to_string(),
        "line 4, amount: must be a whole number of đồng, at most 999.999.999.999.999"
    );
    assert!(fault("23/11/2026 08:30:05", "31/02/2026").to_string().starts_with("line 4, day: "));
    assert_eq!(read("", Format::Csv(&generic())), Err(StatementFault::Column("Ngày giao dịch".to_owned())));
}

#[test]
fn a_table_of_an_old_bank_is_read_in_its_letters() {
    let profile = CsvProfile { encoding: Encoding::Windows1258, balance: None, ..generic() };
    let table = "Ngày giao dịch,Số tham chiếu,Ghi nợ,Ghi có,Nội dung\n23/11/2026,FT1,,16000,lệ phí\n";
    let apart: String = unicode_normalization::UnicodeNormalization::nfd(table).collect();
    // Windows-1258 has â, ê, ô, ơ, ư and đ as letters, and the five tones apart.
    let joined = apart
        .replace("a\u{323}\u{302}", "â\u{323}")
        .replace("e\u{323}\u{302}", "ê\u{323}")
        .replace("o\u{323}\u{302}", "ô\u{323}");
    let joined = joined.replace("o\u{302}", "ô").replace("o\u{31b}", "ơ").replace("e\u{302}", "ê");
    let (bytes, _, lost) = encoding_rs::WINDOWS_1258.encode(&joined);
    assert!(!lost, "all letters are there");
    let statement = Statement::read(&bytes, Format::Csv(&profile)).expect("can be read");
    assert_eq!(amounts(&statement), [16_000]);
}

#[test]
fn swift_messages_are_read() {
    let statement = read(MT940, Format::Mt940).expect("can be read");
    assert_eq!(amounts(&statement), [16_000, -6_000, 1_000]);
    assert_eq!(statement.account.as_deref(), Some("1031933430"));
    assert_eq!(statement.lines[0].text, "DH0000 le phi");
    assert_eq!(statement.lines[1].text, "REF2 phi chuyen");
    assert_eq!(statement.lines[1].bank_reference.as_deref(), Some("FT2"));
    assert_eq!(
        statement.days().map(|(first, last)| (first.to_string(), last.to_string())),
        Some(("2026-11-23".to_owned(), "2026-11-24".to_owned()))
    );
    for (from, to, want) in [
        ("C16000,N", "C16000,50N", "line 6, amount"),
        ("VND100000,", "USD100000,", "line 5, currency"),
        (":61:261123D", ":61:261323D", "line 9, day"),
        ("111000,", "999,", "file: the balance"),
        (":25:1031933430", ":25:1\n:25:2", "file: has statements of more"),
    ] {
        let fault = read(&MT940.replace(from, to), Format::Mt940).expect_err("is wrong").to_string();
        assert!(fault.starts_with(want), "{fault}");
    }
}

#[test]
fn iso_statements_are_read_and_gathered_payments_told_apart() {
    let statement = read(CAMT, Format::Camt053).expect("can be read");
    assert_eq!(amounts(&statement), [16_000, 10_000, 20_000, -6_000], "what is pending is not there");
    assert_eq!(statement.account.as_deref(), Some("1031933430"));
    assert_eq!(statement.lines[0].text, "DH0000 A&B đ");
    assert_eq!(statement.lines[0].day.to_string(), "2026-11-24", "it is that day in Viet Nam already");
    assert_eq!(statement.lines[2].bank_reference.as_deref(), Some("FT2/2"));
    let dollars = CAMT.replace("<Amt Ccy=\"VND\">6000", "<Amt Ccy=\"USD\">6000");
    let fault = read(&dollars, Format::Camt053).expect_err("is in dollars").to_string();
    assert_eq!(fault, "line 14, currency: must be VND");
}

#[test]
fn nothing_is_fetched_or_expanded() {
    let bomb = CAMT.replace("<Document", "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><Document");
    assert_eq!(read(&bomb, Format::Camt053), Err(StatementFault::DocumentType));
    let entity = CAMT.replace("&amp;", "&a;");
    assert_eq!(read(&entity, Format::Camt053), Err(StatementFault::DocumentType));
    let deep = "<a>".repeat(10_000);
    assert!(read(&deep, Format::Camt053).is_err());
}

#[test]
fn the_form_of_a_file_is_seen_by_its_first_letters() {
    assert!(matches!(Statement::form_of(CAMT.as_bytes()), Some(Format::Camt053)));
    assert!(matches!(Statement::form_of(MT940.as_bytes()), Some(Format::Mt940)));
    assert!(Statement::form_of(TABLE.as_bytes()).is_none());
}

#[test]
fn a_line_is_the_same_in_every_file_and_twins_are_two() {
    let statement = read(TABLE, Format::Csv(&generic())).expect("can be read");
    let all = statement.identities("970436/1");
    let mut part = statement.clone();
    part.lines.remove(0);
    assert_eq!(part.identities("970436/1"), all[1..]);
    assert_ne!(statement.identities("970436/2"), all);
    let mut twins = statement.clone();
    twins.lines = vec![statement.lines[0].clone(), statement.lines[0].clone()];
    let identities = twins.identities("970436/1");
    assert_eq!(identities[0], all[0]);
    assert_ne!(identities[0], identities[1]);
}

#[test]
fn profiles_that_make_no_sense_are_found_out() {
    assert_eq!(generic().fault(), None);
    assert!(CsvProfile { credit: None, ..generic() }.fault().is_some());
    assert!(CsvProfile { amount: Some("x".to_owned()), ..generic() }.fault().is_some());
    assert!(CsvProfile { day_format: "%H".to_owned(), ..generic() }.fault().is_some());
    assert!(CsvProfile { delimiter: 'đ', ..generic() }.fault().is_some());
}

proptest! {
    /// Whatever is sent, it is read or refused; what is read adds up.
    #[test]
    fn junk_is_refused_or_adds_up(
        which in 0_usize..3,
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        end in any::<prop::sample::Index>(),
    ) {
        let (text, profile) = ([TABLE, MT940, CAMT][which], generic());
        let format = [Format::Csv(&profile), Format::Mt940, Format::Camt053][which];
        let mut bytes = text.as_bytes().to_vec();
        for (at, byte) in cuts {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if which != 0 {
            bytes.truncate(end.index(bytes.len()) + 1);
        }
        if let Ok(statement) = Statement::read(&bytes, format) {
            prop_assert!(statement.lines.iter().all(|line| line.amount != 0));
            if let (Some(opening), Some(closing)) = (statement.opening, statement.closing) {
                prop_assert_eq!(opening + amounts(&statement).iter().sum::<i64>(), closing);
            }
        }
    }

    #[test]
    fn noise_is_refused(noise in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let profile = generic();
        for format in [Format::Csv(&profile), Format::Mt940, Format::Camt053] {
            prop_assert!(Statement::read(&noise, format).is_err());
        }
    }
}
