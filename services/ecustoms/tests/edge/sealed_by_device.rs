//! The code of the accompanying document, sealed by a key that never leaves its device: `SoftHSM` stands for it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use chrono::TimeDelta;
use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::issue::{Authority, Credential, KeyKind};
use customs_testkit::{Program, until};

use crate::{
    papers::{changed, paper, skip},
    seal_exchange::{SOON, certified, code, metric, published, put, released},
    signatures::days,
    suite::Suite,
};

const MODULES: [&str; 2] =
    ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
const PIN: &str = "4711";
const TOKEN: &str = "customs";
const KEY: &str = "papers-2026";

/// A device with the key of a seal, the authority that has certified it, and their files.
struct Device {
    folder: tempfile::TempDir,
    module: &'static str,
    root: Authority,
    seal: Credential,
}

impl Device {
    /// Nothing where `SoftHSM` is not installed.
    fn new() -> Option<Self> {
        let module = MODULES.into_iter().find(|module| Path::new(module).exists())?;
        let folder = tempfile::tempdir().unwrap();
        let tokens = folder.path().join("tokens");
        fs::create_dir(&tokens).unwrap();
        let conf = format!("directories.tokendir = {}\nobjectstore.backend = file\n", tokens.display());
        fs::write(folder.path().join("softhsm2.conf"), conf).unwrap();
        let root = Authority::root("Seals Root", KeyKind::P256, days(-1, 30)).unwrap();
        let seal = certified(&root, days(-1, 20));
        let now = SystemClock.now();
        let list = root.revocation_list(1, now, now + TimeDelta::days(1), &[]).unwrap();
        let device = Self { folder, module, root, seal };
        for (name, octets) in [
            ("root.der", device.root.certificate().unwrap()),
            ("root.crl", list),
            ("seal.der", device.seal.certificate().to_vec()),
            ("pin", PIN.as_bytes().to_vec()),
            ("wrong-pin", b"0000".to_vec()),
        ] {
            fs::write(device.file(name), octets).unwrap();
        }
        device.tool(&["--init-token", "--free", "--label", TOKEN, "--so-pin", "0815", "--pin", PIN]);
        device.import(&device.seal, KEY, "01");
        Some(device)
    }

    /// Puts the key of `seal` into the token.
    fn import(&self, seal: &Credential, label: &str, id: &str) {
        let file = self.file("key.pem");
        fs::write(&file, pem(&seal.key().to_pkcs8().unwrap())).unwrap();
        let key = file.to_str().unwrap();
        self.tool(&["--import", key, "--token", TOKEN, "--label", label, "--id", id, "--pin", PIN]);
        fs::remove_file(file).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn tool(&self, arguments: &[&str]) {
        let mut command = Command::new("softhsm2-util");
        let command = command.args(arguments).env("SOFTHSM2_CONF", self.file("softhsm2.conf"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The configuration of a suite that seals by this device, with the PIN in `pin`.
    fn setting(&self, pin: &str) -> Vec<(&'static str, String)> {
        let path = |name: &str| self.file(name).to_str().unwrap().to_owned();
        vec![
            ("SOFTHSM2_CONF", path("softhsm2.conf")),
            ("ECUSTOMS_SEAL__MODULE", self.module.to_owned()),
            ("ECUSTOMS_SEAL__TOKEN", TOKEN.to_owned()),
            ("ECUSTOMS_SEAL__KEY_LABEL", KEY.to_owned()),
            ("ECUSTOMS_SEAL__CERTIFICATE_FILE", path("seal.der")),
            ("ECUSTOMS_SEAL__PASSWORD_FILE", path(pin)),
        ]
    }

    /// The exit status of `ecustoms verify qr`, with the authority of the seal and nothing else.
    fn verify(&self, code: &str) -> i32 {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ecustoms"));
        command.args(["verify", "qr", code]).arg("--anchor").arg(self.file("root.der"));
        command.arg("--crl").arg(self.file("root.crl")).arg("--seal").arg(self.file("seal.der"));
        command.output().unwrap().status.code().unwrap()
    }
}

fn pem(octets: &[u8]) -> Vec<u8> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let text = STANDARD.encode(octets);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n")).into_bytes()
}

#[test]
fn a_paper_is_sealed_by_the_device_that_the_configuration_names() {
    let Some(device) = Device::new() else {
        skip("SoftHSM is not installed");
        return;
    };
    let setting = device.setting("pin");
    let setting: Vec<(&str, &str)> = setting.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut suite = Suite::with(&setting);
    let door = suite.door();
    let declarant = door.log_in("declarant");
    let movement = released(&door, &declarant);
    let pdf = paper(&declarant, &movement);
    assert_eq!((pdf.status, pdf.header("content-type")), (200, "application/pdf"));
    let (code, certificate) = code(&declarant, &movement);
    assert_eq!(certificate, device.seal.certificate(), "the seal of the device, not that of the sandbox");
    assert_eq!(device.verify(&code), 0);
    assert_eq!(device.verify(&changed(&code)), 1);
    suite.is_sound();
}

/// The configuration file is written anew; what does not fit together leaves the key of before in use.
#[test]
fn the_device_goes_over_to_the_key_that_the_configuration_names_now() {
    let Some(device) = Device::new() else {
        skip("SoftHSM is not installed");
        return;
    };
    let config = device.file("config.toml");
    let name = |label: &str, certificate: &str| {
        let [module, certificate, pin] = [device.module.into(), device.file(certificate), device.file("pin")];
        let text = format!(
            "[seal]\nmodule = {module:?}\ntoken = {TOKEN:?}\nkey_label = {label:?}\n\
             certificate_file = {certificate:?}\npassword_file = {pin:?}\n"
        );
        put(&config, text.as_bytes());
    };
    name(KEY, "seal.der");
    let conf = device.file("softhsm2.conf");
    let mut suite = Suite::configured(Some(&config), &[("SOFTHSM2_CONF", conf.to_str().unwrap())]);
    let door = suite.door();
    let declarant = door.log_in("declarant");
    let movement = released(&door, &declarant);
    let first = || code(&declarant, &movement).1 == device.seal.certificate();
    assert!(first());

    let next = certified(&device.root, days(0, 25));
    put(&device.file("next.der"), next.certificate());
    let refused = |times| {
        let stays = || suite.output().matches("the seal stays as it was").count() == times;
        until("the refusal", SOON, stays).unwrap();
        assert!(first());
        assert_eq!(metric(&suite, "ecustoms_seal_refused"), Some(1));
    };
    name("papers-2027", "next.der");
    refused(1);
    name(KEY, "next.der");
    refused(2);
    put(&config, b"[seal]\nmodul = 1\n");
    refused(3);

    device.import(&next, "papers-2027", "02");
    name("papers-2027", "next.der");
    until("the next key", SOON, || code(&declarant, &movement).1 == next.certificate()).unwrap();
    let told = [&next, &device.seal].map(|seal| seal.certificate().to_vec());
    assert_eq!(published(&door), told, "the former certificate stays published");
    until("that nothing is refused", SOON, || metric(&suite, "ecustoms_seal_refused") == Some(0)).unwrap();
    suite.is_sound();
}

#[test]
fn a_device_that_cannot_be_opened_keeps_the_suite_from_starting() {
    let Some(device) = Device::new() else {
        skip("SoftHSM is not installed");
        return;
    };
    let files = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecustoms"));
    command.env("ECUSTOMS_DATA_DIR", files.path()).envs(device.setting("wrong-pin"));
    command.args(["up", "--demo", "--listen", "127.0.0.1:0"]);
    let mut program = Program::start(&mut command).unwrap();
    let ended = program.ends(Duration::from_mins(1)).unwrap();
    assert!(!ended.success(), "{}", program.output());
}
