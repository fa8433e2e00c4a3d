//! Sheets of paper of size A4: texts, lines and filled squares at whole points from the upper left corner.

use krilla::{
    Document, SerializeSettings,
    geom::{PathBuilder, Point, Rect, Size},
    metadata::Metadata,
    page::PageSettings,
    paint::Stroke,
    surface::Surface,
    text::{Font, TextDirection},
};

use crate::PaperError;

/// Width of a sheet in points.
pub(crate) const WIDTH: i16 = 595;
/// Height of a sheet in points.
pub(crate) const HEIGHT: i16 = 842;
/// What stays white at every side, in points.
pub(crate) const MARGIN: i16 = 36;

/// How a text looks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Style {
    /// Heading of the paper.
    Title,
    /// What a box is about.
    Label,
    /// What is declared.
    Value,
}

impl Style {
    /// Height of the letters in points.
    const fn size(self) -> i16 {
        match self {
            Self::Title => 13,
            Self::Label => 6,
            Self::Value => 8,
        }
    }

    /// From one line to the next, in points.
    pub(crate) const fn line(self) -> i16 {
        self.size() + 2
    }

    /// How many letters certainly fit in `width` points: a letter is seldom wider than 11/20 of its height.
    pub(crate) fn letters(self, width: i16) -> usize {
        usize::try_from(i32::from(width) * 20 / (i32::from(self.size()) * 11)).unwrap_or(1).max(1)
    }
}

/// Something on a sheet.
enum Mark {
    Text(i16, i16, Style, String),
    Line(i16, i16, i16, i16),
    Box(i16, i16, i16, i16),
}

/// A paper of several sheets in the making.
#[derive(Default)]
pub(crate) struct Paper {
    sheets: Vec<Vec<Mark>>,
}

impl Paper {
    /// Begins a new sheet.
    pub(crate) fn turn(&mut self) {
        self.sheets.push(Vec::new());
    }

    /// How many sheets there are.
    pub(crate) fn sheets(&self) -> usize {
        self.sheets.len()
    }

    /// Writes `text` so that its letters stand on the line at `y`.
    pub(crate) fn text(&mut self, x: i16, y: i16, style: Style, text: impl Into<String>) {
        self.mark(Mark::Text(x, y, style, text.into()));
    }

    /// Writes `text` on a sheet that was begun before, the first being 0.
    pub(crate) fn text_on(&mut self, sheet: usize, x: i16, y: i16, style: Style, text: impl Into<String>) {
        if let Some(marks) = self.sheets.get_mut(sheet) {
            marks.push(Mark::Text(x, y, style, text.into()));
        }
    }

    /// Draws a thin line.
    pub(crate) fn line(&mut self, from: (i16, i16), to: (i16, i16)) {
        self.mark(Mark::Line(from.0, from.1, to.0, to.1));
    }

    /// Fills a rectangle in black.
    pub(crate) fn fill(&mut self, (x, y): (i16, i16), (width, height): (i16, i16)) {
        self.mark(Mark::Box(x, y, width, height));
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.push(mark);
        }
    }

    /// The paper as PDF, with its title.
    pub(crate) fn pdf(self, title: &str) -> Result<Vec<u8>, PaperError> {
        let broken = |what: &str| PaperError::Pdf(what.to_owned());
        let font = |octets: &'static [u8]| Font::new(octets.into(), 0).ok_or_else(|| broken("no font"));
        let plain = font(dejavu::sans_condensed::regular())?;
        let bold = font(dejavu::sans_condensed::bold())?;
        let mut document = Document::new_with(SerializeSettings::default());
        document.set_metadata(Metadata::new().title(title.to_owned()));
        let size = Size::from_wh(f32::from(WIDTH), f32::from(HEIGHT)).ok_or_else(|| broken("no size"))?;
        for sheet in &self.sheets {
            let mut page = document.start_page_with(PageSettings::new(size));
            let mut surface = page.surface();
            for mark in sheet {
                draw(&mut surface, mark, &plain, &bold);
            }
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|error| PaperError::Pdf(format!("{error:?}")))
    }
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, plain: &Font, bold: &Font) {
    match mark {
        Mark::Text(x, y, style, text) => {
            let font = if *style == Style::Title { bold } else { plain };
            let start = Point::from_xy(f32::from(*x), f32::from(*y));
            surface.set_stroke(None);
            surface.draw_text(
                start,
                font.clone(),
                f32::from(style.size()),
                text,
                false,
                TextDirection::LeftToRight,
            );
        }
        Mark::Line(x, y, to_x, to_y) => {
            let mut path = PathBuilder::new();
            path.move_to(f32::from(*x), f32::from(*y));
            path.line_to(f32::from(*to_x), f32::from(*to_y));
            if let Some(path) = path.finish() {
                surface.set_stroke(Some(Stroke { width: 0.5, ..Stroke::default() }));
                surface.draw_path(&path);
                surface.set_stroke(None);
            }
        }
        Mark::Box(x, y, width, height) => {
            let mut path = PathBuilder::new();
            let rect = Rect::from_xywh(f32::from(*x), f32::from(*y), f32::from(*width), f32::from(*height));
            if let Some(rect) = rect {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}

/// `text` in lines of at most `letters`, broken between words where that is possible.
pub(crate) fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        while !word.is_empty() {
            let Some(line) = lines.last_mut() else { return lines };
            let used = line.chars().count();
            let gap = usize::from(used > 0);
            if used + gap + word.len() <= letters {
                if gap > 0 {
                    line.push(' ');
                }
                line.extend(word.drain(..));
            } else if used > 0 {
                lines.push(String::new());
            } else {
                line.extend(word.drain(..letters.min(word.len())));
                lines.push(String::new());
            }
        }
    }
    if lines.len() > 1 && lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_between_words_and_a_long_word_inside() {
        assert_eq!(wrapped("brake pads for lorries", 10), ["brake pads", "for", "lorries"]);
        assert_eq!(wrapped("ABCDEFGH", 3), ["ABC", "DEF", "GH"]);
        assert_eq!(wrapped("ABCDEF", 3), ["ABC", "DEF"]);
        assert_eq!(wrapped("", 3), [""]);
    }
}
