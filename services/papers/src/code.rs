//! Codes for machines: the MRN as a bar code (Code 128) and a sealed text as a QR code (ISO/IEC 18004).

use barcoders::sym::code128::Code128;
use qrcode::{Color, EcLevel, QrCode};

use crate::{PaperError, sheet::Paper};

/// Draws `text` as bars of one point with its upper left corner at `at`.
pub(crate) fn bars(paper: &mut Paper, at: (i16, i16), height: i16, text: &str) -> Result<(), PaperError> {
    // The first letter chooses the set of characters: B has capitals and digits.
    let bars = Code128::new(format!("\u{181}{text}"));
    let bars = bars.map_err(|error| PaperError::Code(format!("{error:?}")))?.encode();
    let mut x = at.0;
    for run in bars.chunk_by(|one, two| one == two) {
        let width = i16::try_from(run.len()).unwrap_or(i16::MAX);
        if run.first() == Some(&1) {
            paper.fill((x, at.1), (width, height));
        }
        x = x.saturating_add(width);
    }
    Ok(())
}

/// Draws `text` as a square of at most `side` points; tells how wide it came out.
pub(crate) fn square(paper: &mut Paper, at: (i16, i16), side: i16, text: &str) -> Result<i16, PaperError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L);
    let code = code.map_err(|error| PaperError::Code(error.to_string()))?;
    let modules = i16::try_from(code.width()).unwrap_or(i16::MAX);
    let module = (side / modules).max(1);
    for (row, line) in code.to_colors().chunks(code.width()).enumerate() {
        let y = i16::try_from(row).unwrap_or(i16::MAX).saturating_mul(module).saturating_add(at.1);
        let mut x = at.0;
        for run in line.chunk_by(|one, two| one == two) {
            let width = i16::try_from(run.len()).unwrap_or(i16::MAX).saturating_mul(module);
            if run.first() == Some(&Color::Dark) {
                paper.fill((x, y), (width, module));
            }
            x = x.saturating_add(width);
        }
    }
    Ok(modules.saturating_mul(module))
}
