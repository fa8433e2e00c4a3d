//! The types of guarantee by code list CL251 and what each asks for.

/// A type of guarantee.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// `0`: comprehensive, of which the guarantor's undertaking is waived.
    Waiver,
    /// `1`: comprehensive: many movements under one sum.
    Comprehensive,
    /// `2`: individual, by a guarantor's undertaking.
    Undertaking,
    /// `3`: individual, in cash.
    CashDeposit,
    /// `4`: individual, by voucher.
    Voucher,
    /// `5`: waived under the statistical threshold.
    UnderThreshold,
    /// `8`: not required of certain public bodies.
    PublicBody,
    /// `9`: individual with multiple usage.
    MultipleUsage,
    /// `A`: waived by agreement.
    ByAgreement,
    /// `B`: goods under a TIR carnet.
    Tir,
    /// `J`: not required between two offices of the route.
    NotRequired,
    /// `R`: not required on the Rhine and the Danube and their waterways.
    Waterway,
}

impl Kind {
    const CODES: [(&'static str, Self); 12] = [
        ("0", Self::Waiver),
        ("1", Self::Comprehensive),
        ("2", Self::Undertaking),
        ("3", Self::CashDeposit),
        ("4", Self::Voucher),
        ("5", Self::UnderThreshold),
        ("8", Self::PublicBody),
        ("9", Self::MultipleUsage),
        ("A", Self::ByAgreement),
        ("B", Self::Tir),
        ("J", Self::NotRequired),
        ("R", Self::Waterway),
    ];

    /// The type of that code, if there is one.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        Self::CODES.iter().find(|(own, _)| *own == code).map(|(_, kind)| *kind)
    }

    /// The code of the type.
    pub(crate) fn code(self) -> &'static str {
        Self::CODES.iter().find(|(_, kind)| *kind == self).map_or("", |(code, _)| code)
    }

    /// Whether customs keeps a contract of it, from which parts are held (CL076).
    pub(crate) const fn has_contract(self) -> bool {
        self.needs_access_code() || matches!(self, Self::CashDeposit)
    }

    /// Whether a declaration must name GRN and access code (CL286, C0086).
    pub(crate) const fn needs_access_code(self) -> bool {
        matches!(
            self,
            Self::Waiver | Self::Comprehensive | Self::Undertaking | Self::Voucher | Self::MultipleUsage
        )
    }

    /// Whether it covers one movement only.
    pub(crate) const fn is_individual(self) -> bool {
        matches!(self, Self::Undertaking | Self::CashDeposit | Self::Voucher)
    }

    /// Whether its balance may be asked for (C0286).
    pub(crate) const fn has_balance(self) -> bool {
        matches!(self, Self::Waiver | Self::Comprehensive | Self::MultipleUsage)
    }

    /// Whether it may be insured for less than its reference amount (Regulation (EU) No 952/2013, Article 95(2)).
    pub(crate) const fn may_be_reduced(self) -> bool {
        matches!(self, Self::Comprehensive)
    }

    /// Whether somebody else than the owner must stand in for it.
    pub(crate) const fn needs_guarantor(self) -> bool {
        matches!(self, Self::Comprehensive | Self::Undertaking | Self::Voucher | Self::MultipleUsage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_the_list_is_read_and_written_alike() {
        for (code, kind) in Kind::CODES {
            assert_eq!(Kind::parse(code), Some(kind));
            assert_eq!(kind.code(), code);
        }
        assert_eq!(Kind::parse("7"), None);
        assert_eq!(Kind::parse(""), None);
    }

    #[test]
    fn reference_and_access_code_are_asked_of_the_types_of_the_lists() {
        let those = |test: fn(Kind) -> bool| -> String {
            Kind::CODES.iter().filter(|(_, kind)| test(*kind)).map(|(code, _)| *code).collect()
        };
        assert_eq!(those(Kind::has_contract), "012349");
        assert_eq!(those(Kind::needs_access_code), "01249");
        assert_eq!(those(Kind::is_individual), "234");
        assert_eq!(those(Kind::has_balance), "019");
        assert_eq!(those(Kind::may_be_reduced), "1");
        assert_eq!(those(Kind::needs_guarantor), "1249");
    }
}
