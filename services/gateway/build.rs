//! Builds the gateway anew when the pages that it embeds have changed.

fn main() {
    println!("cargo:rerun-if-changed=../web-broker/ui/built");
}
