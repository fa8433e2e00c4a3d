//! The pages of documentation that are written from the tables are the committed ones.

use std::path::Path;

use customs_messages::catalogue::{fields_page, rules_page};

#[test]
fn the_committed_pages_are_what_the_tables_say() {
    for (name, said) in [("message-rules.md", rules_page()), ("message-fields.md", fields_page())] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
        let said = format!("{}\n", said.trim_end());
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &said).unwrap();
        }
        let known = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(known == said, "docs/{name} is not what the tables say; UPDATE=1 rewrites it");
    }
}
