//! Errors of the crates below, put into the words of the house: they speak English, for logs and programs.

use std::error::Error;

use dinh_context::graph::StoreError;
use dinh_context::packs;
use dinh_feeds::definition::DefinitionError;
use dinh_feeds::formats::FormatError;
use dinh_model::TenantError;
use dinh_web::TlsError;

use super::told::Link;
use super::{Said, Words};
use crate::target::Trouble;

/// What one error of a chain says.
pub(super) fn link(error: &(dyn Error + 'static)) -> Link {
    if let Some(said) = error.downcast_ref::<Said>() {
        return Link { words: Some(said.words.clone()), cause: None };
    }
    if let Some(FormatError(words)) = error.downcast_ref() {
        return Link { words: Some(words.clone()), cause: None };
    }
    if let Some(DefinitionError { file, key, rule }) = error.downcast_ref() {
        let words = Words::new(
            format!("khai báo trong {file} không dùng được, ở mục {key}"),
            format!("the definition in {file} cannot be used, at {key}"),
        );
        return Link { words: Some(words), cause: Some(rule.clone()) };
    }
    if let Some(TenantError(name)) = error.downcast_ref() {
        let words = Words::new(
            format!(
                "{name:?} không phải là tên của một vùng dữ liệu: hãy dùng 1 đến 64 chữ cái không dấu, chữ số, “-” hoặc “_”"
            ),
            error.to_string(),
        );
        return Link { words: Some(words), cause: None };
    }
    match error.downcast_ref() {
        Some(Trouble::Away(words)) => return Link { words: Some(words.clone()), cause: None },
        Some(Trouble::TooLarge(most)) => {
            let vi = format!("câu trả lời của máy chủ lớn hơn {most} byte");
            let words = Words::new(vi, format!("the server's answer is larger than {most} bytes"));
            return Link { words: Some(words), cause: None };
        }
        None => {}
    }
    if let Some(error) = error.downcast_ref::<TlsError>() {
        return of_tls(error);
    }
    if let Some(error) = error.downcast_ref::<packs::Error>() {
        return of_packs(error);
    }
    if let Some(dinh_context::Error::Packs(error)) = error.downcast_ref() {
        return of_packs(error);
    }
    if let Some(dinh_context::Error::Store(error)) = error.downcast_ref() {
        return of_store(error);
    }
    match error.downcast_ref::<StoreError>() {
        Some(error) => of_store(error),
        None => Link { words: None, cause: Some(error.to_string()) },
    }
}

fn of_tls(error: &TlsError) -> Link {
    let vi = match error {
        TlsError::Read { path, reason } => {
            let path = path.display();
            let words = Words::new(format!("không đọc được tệp {path}"), format!("cannot read {path}"));
            return Link { words: Some(words), cause: Some(reason.clone()) };
        }
        TlsError::NoCertificate(path) => {
            format!("tệp {} không có chứng thư dạng PEM (BEGIN CERTIFICATE)", path.display())
        }
        TlsError::NoKey(path) => {
            format!("tệp {} không có khoá riêng dạng PEM (BEGIN PRIVATE KEY)", path.display())
        }
        TlsError::Strangers { certificate, key } => {
            let (certificate, key) = (certificate.display(), key.display());
            format!("khoá trong {key} không phải là khoá của chứng thư trong {certificate}")
        }
        TlsError::Unusable(reason) => {
            let words =
                Words::new("chứng thư hoặc khoá không dùng được", "the certificate or key is unusable");
            return Link { words: Some(words), cause: Some(reason.clone()) };
        }
    };
    Link { words: Some(Words::new(vi, error.to_string())), cause: None }
}

fn of_packs(error: &packs::Error) -> Link {
    let (words, reason) = match error {
        packs::Error::Read { path, reason } => {
            (Words::new(format!("không đọc được {path}"), format!("cannot read {path}")), reason)
        }
        packs::Error::Invalid { path, reason } => (
            Words::new(
                format!("tệp {path} của gói không hợp lệ"),
                format!("{path} of the packs is not valid"),
            ),
            reason,
        ),
    };
    Link { words: Some(words), cause: Some(reason.clone()) }
}

fn of_store(error: &StoreError) -> Link {
    let (words, cause) = match error {
        StoreError::InUse(folder) => {
            let folder = folder.display();
            let vi = format!("một tiến trình khác đang dùng thư mục {folder}; hãy dừng nó trước");
            (Words::new(vi, format!("another process is using the folder {folder}; stop it first")), None)
        }
        StoreError::Newer { found, known } => {
            let vi = format!(
                "kho có lược đồ {found}, còn chương trình này chỉ biết đến lược đồ {known}; hãy dùng chương trình đã \
                 ghi kho ấy, hoặc bản mới hơn"
            );
            let en = format!(
                "the store has schema {found}, but this program knows schemas up to {known}; use the program that \
                 wrote it, or a newer one"
            );
            (Words::new(vi, en), None)
        }
        StoreError::WrongMaster(folder) => {
            let vi = format!(
                "khoá chủ không mở được các khoá trong {}; hãy dùng khoá chủ đã tạo ra chúng",
                folder.display()
            );
            (Words::new(vi, error.to_string()), None)
        }
        StoreError::NoVault => {
            let vi = "kho có dữ liệu cá nhân đã niêm phong; hãy mở kèm thư mục khoá của nó";
            (Words::new(vi, error.to_string()), None)
        }
        StoreError::OtherVault(folder) => {
            let vi = format!(
                "các khoá trong {} là của kho khác hoặc cũ hơn kho này; hãy đưa về thư mục khoá mới nhất đi cùng kho",
                folder.display()
            );
            (Words::new(vi, error.to_string()), None)
        }
        StoreError::DiskFull => {
            let vi = "kho hết chỗ; lần ghi này không được giữ lại; hãy dọn chỗ rồi thử lại";
            (
                Words::new(
                    vi,
                    "there is no room left for the store; nothing of this write was kept; make room and try again",
                ),
                None,
            )
        }
        StoreError::Damaged(what) => {
            let vi = "kho bị hỏng; hãy chạy dinh verify, và phục hồi một bản sao lưu nếu có lỗi";
            let en = "the store is damaged; run dinh verify, and restore a backup if it finds faults";
            (Words::new(vi, en), Some(what.clone()))
        }
        StoreError::File { path, reason } => {
            let path = path.display();
            (
                Words::new(format!("không dùng được {path}"), format!("{path} cannot be used")),
                Some(reason.clone()),
            )
        }
        StoreError::Engine(what) => {
            let words = Words::new("cơ sở dữ liệu báo lỗi", "the database engine failed");
            (words, Some(what.clone()))
        }
        StoreError::Invalid(rule) => match of_folder(rule) {
            Some(words) => (words, None),
            // What cannot be so is told by the command that asked; this is only why.
            None => return Link { words: None, cause: Some(rule.clone()) },
        },
        other => {
            (Words::new("kho từ chối yêu cầu", "the store refuses what was asked"), Some(other.to_string()))
        }
    };
    Link { words: Some(words), cause }
}

/// What a folder holds or lacks, in the sentences of the store's backup.
fn of_folder(rule: &str) -> Option<Words> {
    let says = |words: &str| rule.split_once(words).map(|(folder, _rest)| folder);
    let vi = if let Some(folder) = says(" holds no backup of a store") {
        format!("{folder} không chứa bản sao lưu nào")
    } else if let Some(folder) = says(" holds no store") {
        format!("{folder} không chứa đồ thị nào")
    } else {
        format!("{} đã chứa một đồ thị", says(" holds a store already")?)
    };
    Some(Words::new(vi, rule))
}

#[cfg(test)]
mod tests {
    use crate::said::Told;

    use super::*;

    #[test]
    fn errors_of_the_store_speak_both_languages_whoever_hands_them_on() {
        let error = || StoreError::InUse("du-lieu".into());
        let told = Told::of(&error().into());
        assert!(told.words.vi.contains("đang dùng thư mục du-lieu"), "{told:?}");
        assert_eq!(Told::of(&dinh_context::Error::Store(error()).into()), told);
        assert_eq!(told.cause, None);
    }

    #[test]
    fn a_definition_names_the_file_the_key_and_the_rule() {
        let told = Told::of(&DefinitionError::new("a.toml", "map.type", "must be a word").into());
        assert!(told.words.vi.contains("a.toml") && told.words.vi.contains("map.type"), "{told:?}");
        assert_eq!(told.cause.as_deref(), Some("must be a word"));
    }
}
