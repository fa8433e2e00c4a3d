//! A refused signature: the stable code, what was seen, and the whole report.

use crate::fault::{Code, Fault};
use crate::report::{Finding, Report};

/// A signature that is not accepted.
#[derive(Clone, Debug, thiserror::Error)]
#[error("signature refused with {fault}: {detail}")]
pub struct SignatureRefusal {
    fault: Fault,
    detail: String,
    report: Box<Report>,
}

impl SignatureRefusal {
    pub(crate) fn new(fault: Fault, detail: String, report: Report) -> Self {
        Self { fault, detail, report: Box::new(report) }
    }

    /// The fault behind the verdict.
    pub const fn fault(&self) -> Fault {
        self.fault
    }

    /// Stable code for callers.
    pub const fn code(&self) -> Code {
        self.fault.code()
    }

    /// HTTP status of the refusal.
    pub const fn http_status(&self) -> u16 {
        self.fault.http_status()
    }

    /// Whether sending the same message later can succeed.
    pub const fn retryable(&self) -> bool {
        self.fault.retryable()
    }

    /// Seconds after which to try again, where that can help.
    pub const fn retry_after(&self) -> Option<u32> {
        self.fault.retry_after()
    }

    /// What was seen, in English; for the log and the report, not for translation.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The validation report.
    pub fn report(&self) -> &Report {
        &self.report
    }
}

/// A certificate without a valid path.
#[derive(Clone, Debug, thiserror::Error)]
#[error("path refused with {fault}: {detail}")]
pub struct PathRefusal {
    fault: Fault,
    detail: String,
}

impl From<Finding> for PathRefusal {
    fn from(finding: Finding) -> Self {
        Self { fault: finding.fault, detail: finding.detail }
    }
}

impl PathRefusal {
    /// The fault behind the verdict.
    pub const fn fault(&self) -> Fault {
        self.fault
    }

    /// What was seen, in English; for the log and the report, not for translation.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}
