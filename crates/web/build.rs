//! Lets the crate compile before the front end is built: pages then work without styles and scripts.

fn main() -> std::io::Result<()> {
    let dist = "../../web/dist";
    std::fs::create_dir_all(dist)?;
    println!("cargo::rerun-if-changed={dist}");
    println!("cargo::rerun-if-changed=templates");
    Ok(())
}
