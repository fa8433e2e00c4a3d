//! What guarantors are good for and what is held of it, as operators see it: sums, nobody's numbers.

use async_trait::async_trait;
use customs_platform::{Failure, housekeeping::Measures, metrics};
use sea_orm::{ConnectionTrait, Statement};

use crate::App;

#[async_trait]
impl Measures for App {
    /// One pass over the active guarantees by their index, about once a minute.
    async fn measure(&self) -> Result<(), Failure> {
        let backend = self.store.reader().get_database_backend();
        let sql = "SELECT currency, CAST(SUM(limit_minor) AS BIGINT) AS limit_minor, \
                   CAST(SUM(held_minor) AS BIGINT) AS held_minor \
                   FROM guarantees WHERE state = 'active' GROUP BY currency";
        for row in self.store.reader().query_all_raw(Statement::from_string(backend, sql)).await? {
            let currency: String = row.try_get("", "currency")?;
            metrics::guarantees(&currency, row.try_get("", "limit_minor")?, row.try_get("", "held_minor")?);
        }
        Ok(())
    }
}
