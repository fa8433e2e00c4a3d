//! Seals whose keys are in a device: `SoftHSM` stands for it, reached the way every device is.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{self, Nation, noon};
use chrono::TimeDelta;
use customs_signatures::issue::{Credential, DeviceAddress, IssueError, KeyKind, SigningKey};
use customs_signatures::{Seal, Verifier};

const MODULES: [&str; 2] =
    ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
const PIN: &str = "4711";

fn module() -> Option<PathBuf> {
    MODULES.iter().map(PathBuf::from).find(|module| module.exists())
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Puts `key` into the token under `label`.
fn import(key: &SigningKey, label: &str, folder: &Path) {
    let file = folder.join(format!("{label}.pem"));
    let pem = openssl::pkey::PKey::private_key_from_der(&key.to_pkcs8().unwrap());
    std::fs::write(&file, pem.unwrap().private_key_to_pem_pkcs8().unwrap()).unwrap();
    let id = hex::encode(label);
    run(Command::new("softhsm2-util")
        .args(["--import", &file.to_string_lossy(), "--token", "ecustoms"])
        .args(["--label", label, "--id", &id, "--pin", PIN]));
}

/// The library reads its configuration from the environment, which is set for a process of its own.
#[test]
fn a_device_seals_and_its_keys_are_changed_while_it_is_in_use() {
    if module().is_none() {
        println!("skipped: SoftHSM is not installed");
        return;
    }
    let folder = std::env::temp_dir().join(format!("ecustoms-softhsm-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("tokens")).unwrap();
    let conf = folder.join("softhsm2.conf");
    let text =
        format!("directories.tokendir = {}\nobjectstore.backend = file\n", folder.join("tokens").display());
    std::fs::write(&conf, text).unwrap();
    let outcome = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "device::with_the_device", "--nocapture"])
        .env("SOFTHSM2_CONF", &conf)
        .env("ECUSTOMS_DEVICE_FOLDER", &folder)
        .output();
    std::fs::remove_dir_all(&folder).unwrap();
    let output = outcome.unwrap();
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

/// Does its work in the process that the test above starts, where the device is set up.
#[test]
fn with_the_device() {
    let Some(folder) = std::env::var_os("ECUSTOMS_DEVICE_FOLDER").map(PathBuf::from) else { return };
    run(Command::new("softhsm2-util")
        .args(["--init-token", "--free", "--label", "ecustoms", "--so-pin", "0815"])
        .args(["--pin", PIN]));
    let nation = Nation::new();
    let made = |kind, label: &str, from_days: i64| {
        let from = noon() + TimeDelta::days(from_days);
        let made = nation.credential("Seal", kind, from, from + TimeDelta::days(100));
        import(made.key(), label, &folder);
        made
    };
    let open = |made: &Credential, label: &str, pin: &str| {
        let address =
            DeviceAddress { module: module().unwrap(), token: "ecustoms".into(), key: label.into() };
        Credential::on_device(address, pin, made.certificate().to_vec(), made.chain().to_vec())
    };
    let verify = |seal: &Seal, verifier: &Verifier, at| {
        let sealed = seal.sign(b"receipt", at).unwrap();
        assert!(verifier.verify_detached(b"receipt", &sealed, at).is_ok());
        let text = seal.token(b"receipt", at).unwrap();
        verifier.verify_token(&text, at).is_ok()
    };
    let knowing = |seal: &Seal| {
        let mut trust = nation.trust();
        for certificate in seal.certificates() {
            trust.seal_certificate(&certificate).unwrap();
        }
        support::verifier(trust)
    };
    for kind in [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] {
        let label = format!("{kind:?}");
        let first = made(kind, &label, -10);
        let seal = Seal::new(vec![open(&first, &label, PIN).unwrap()]).unwrap();
        assert!(verify(&seal, &knowing(&seal), noon()));

        let label = format!("{kind:?}-next");
        let next = made(kind, &label, 5);
        seal.replace(vec![
            open(&first, &format!("{kind:?}"), PIN).unwrap(),
            open(&next, &label, PIN).unwrap(),
        ])
        .unwrap();
        let verifier = knowing(&seal);
        assert!(verify(&seal, &verifier, noon()) && verify(&seal, &verifier, noon() + TimeDelta::days(6)));
        assert_eq!(first.key().kind(), Ok(kind));
    }
    let one = made(KeyKind::P256, "one", -10);
    let other = made(KeyKind::P256, "other", -10);
    assert_eq!(open(&one, "other", PIN).unwrap_err(), IssueError::OtherKey);
    assert!(matches!(open(&other, "missing", PIN).unwrap_err(), IssueError::Device(_)));
    assert_eq!(open(&one, "one", PIN).unwrap().key().to_pkcs8(), Err(IssueError::OnDevice));
}
