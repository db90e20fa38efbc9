//! Small documents.

use std::path::Path;

use dinh_signatures::Field;

use crate::tools::must;

/// A page with a line, in the form that every writer understands.
pub(crate) fn plain() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        "<</Length 44>>\nstream\nBT /F1 24 Tf 72 700 Td (Giay chung nhan) Tj ET\nendstream"
            .replace("44", "46"),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        "<</Title(Thu)/Producer(Thu)>>".to_owned(),
    ];
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", at + 1).bytes());
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    out.extend(
        format!(
            "trailer\n<</Size {}/Root 1 0 R/Info 6 0 R>>\nstartxref\n{table}\n%%EOF\n",
            objects.len() + 1
        )
        .bytes(),
    );
    out
}

/// The same with its table and its objects in compressed streams.
pub(crate) fn packed(dir: &Path) -> Vec<u8> {
    std::fs::write(dir.join("plain.pdf"), plain()).expect("a file");
    must(dir, "qpdf", &["--object-streams=generate", "plain.pdf", "packed.pdf"]);
    std::fs::read(dir.join("packed.pdf")).expect("a file")
}

pub(crate) fn field(name: &str) -> Field<'static> {
    Field {
        name: name.to_owned(),
        signer: "Nguyễn Văn Đức".to_owned(),
        reason: Some("Ký duyệt".to_owned()),
        place: Some("Phường Bích Đào".to_owned()),
        look: None,
    }
}
