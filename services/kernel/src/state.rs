//! State machines written as one table.

/// Declares states, events and every legal transition between them.
///
/// The table is the whole truth: `on` is generated from it, so are the diagram in the documents and the
/// exhaustive test; two rows that start alike do not compile. States and events have a text form
/// (`guarantee-under-amendment`) for stores, messages and people.
#[macro_export]
macro_rules! transitions {
    (
        $(#[$sdoc:meta])* $vis:vis enum $State:ident {
            $($(#[$vdoc:meta])* $state:ident = $stext:literal,)*
        }
        $(#[$edoc:meta])* $evis:vis enum $Event:ident {
            $($(#[$evdoc:meta])* $event:ident = $etext:literal,)*
        }
        table {
            $($from:ident --$on:ident--> $to:ident;)*
        }
    ) => {
        $(#[$sdoc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, serde::Deserialize, serde::Serialize)]
        $vis enum $State { $($(#[$vdoc])* #[serde(rename = $stext)] $state,)* }

        $(#[$edoc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, serde::Deserialize, serde::Serialize)]
        $evis enum $Event { $($(#[$evdoc])* #[serde(rename = $etext)] $event,)* }

        impl $State {
            /// Every state, in table order.
            pub const ALL: &'static [Self] = &[$(Self::$state),*];
            /// Every legal transition, in table order.
            pub const EDGES: &'static [(Self, $Event, Self)] =
                &[$((Self::$from, $Event::$on, Self::$to)),*];

            /// The state after `event`, or `None` if the table has no such row.
            #[must_use]
            pub fn on(self, event: $Event) -> Option<Self> {
                match (self, event) {
                    $((Self::$from, $Event::$on) => Some(Self::$to),)*
                    _ => None,
                }
            }

            /// The state as text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$state => $stext,)* }
            }

            /// The state of that text, if there is one.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($stext => Some(Self::$state),)* _ => None }
            }

            /// Whether nothing can happen any more.
            #[must_use]
            pub fn is_final(self) -> bool {
                Self::EDGES.iter().all(|(from, ..)| *from != self)
            }

            /// The table as a Mermaid state diagram, for the documents.
            #[must_use]
            pub fn diagram() -> String {
                let mut lines = vec!["stateDiagram-v2".to_owned()];
                lines.extend(Self::EDGES.iter().map(|(from, event, to)| {
                    format!("    {} --> {}: {}", from.as_str(), to.as_str(), event.as_str())
                }));
                lines.join("\n")
            }
        }

        impl $Event {
            /// Every event, in table order.
            pub const ALL: &'static [Self] = &[$(Self::$event),*];

            /// The event as text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$event => $etext,)* }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    #![expect(unreachable_pub, reason = "the macro makes public items, the test keeps them private")]

    transitions! {
        /// A lamp.
        enum Lamp {
            /// Dark.
            Off = "off",
            /// Bright.
            On = "on",
            /// For ever dark.
            Broken = "broken",
        }
        /// What happens to a lamp.
        enum Happens {
            /// Pressed.
            Press = "press",
            /// Dropped.
            Drop = "drop",
        }
        table {
            Off --Press--> On;
            On --Press--> Off;
            Off --Drop--> Broken;
            On --Drop--> Broken;
        }
    }

    #[test]
    fn only_the_rows_of_the_table_are_possible() {
        assert_eq!(Lamp::Off.on(Happens::Press), Some(Lamp::On));
        assert_eq!(Lamp::Broken.on(Happens::Press), None);
        assert!(Lamp::Broken.is_final());
        assert_eq!(Lamp::parse("on"), Some(Lamp::On));
        assert_eq!(Lamp::ALL.len() + Happens::ALL.len(), 5);
        assert!(Lamp::diagram().contains("off --> on: press"));
    }
}
