//! Routes that say what they do: method, path, gate and a sentence stand together, so that the list of routes
//! (`docs/routes.txt`), the gate and the coverage test all read the same lines.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodRouter, get, post, put};
use rules::permits::Act;

use crate::App;

/// Who passes before the handler runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Everybody.
    Public,
    /// Whoever has signed in.
    SignedIn,
    /// Roles that have this act at all; the use case asks for the thing itself.
    Act(Act),
    /// Systems with a bearer token; the handler names the token's scope.
    Token,
}

/// One line of the list of routes.
#[derive(Debug, Clone)]
pub struct RouteRow {
    /// GET, POST, PUT.
    pub method: &'static str,
    /// The path with its parts in braces.
    pub path: &'static str,
    /// Who passes.
    pub gate: Gate,
    /// What it does, in the words of the page.
    pub what: &'static str,
}

/// Routes with their table.
#[derive(Default)]
pub struct Routes {
    rows: Vec<RouteRow>,
    router: Router<App>,
}

impl Routes {
    /// No routes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        gate: Gate,
        what: &'static str,
        route: MethodRouter<App>,
    ) -> Self {
        let row = RouteRow {
            method,
            path,
            gate,
            what,
        };
        self.router = self.router.route(path, crate::gate::guarded(route, gate));
        self.rows.push(row);
        self
    }

    /// A page.
    #[must_use]
    pub fn get<H: Handler<T, App>, T: 'static>(
        self,
        path: &'static str,
        gate: Gate,
        what: &'static str,
        handler: H,
    ) -> Self {
        self.add("GET", path, gate, what, get(handler))
    }

    /// A deed by form.
    #[must_use]
    pub fn post<H: Handler<T, App>, T: 'static>(
        self,
        path: &'static str,
        gate: Gate,
        what: &'static str,
        handler: H,
    ) -> Self {
        self.add("POST", path, gate, what, post(handler))
    }

    /// A deed by a system.
    #[must_use]
    pub fn put<H: Handler<T, App>, T: 'static>(
        self,
        path: &'static str,
        gate: Gate,
        what: &'static str,
        handler: H,
    ) -> Self {
        self.add("PUT", path, gate, what, put(handler))
    }

    /// A list page and its export under `export.xlsx`, by the same handler.
    #[must_use]
    pub fn list<H: Handler<T, App> + Clone, T: 'static>(
        self,
        path: &'static str,
        gate: Gate,
        what: &'static str,
        handler: H,
    ) -> Self {
        let export: &'static str = Box::leak(format!("{}/export.xlsx", path.trim_end_matches('/')).into_boxed_str());
        self.add("GET", path, gate, what, get(handler.clone()))
            .add("GET", export, gate, what, get(handler))
    }

    /// Together with the routes of another module.
    #[must_use]
    pub fn and(mut self, other: Routes) -> Self {
        self.rows.extend(other.rows);
        self.router = self.router.merge(other.router);
        self
    }

    /// The table, in the order of the code.
    #[must_use]
    pub fn rows(&self) -> &[RouteRow] {
        &self.rows
    }

    /// The router.
    pub fn into_router(self) -> Router<App> {
        self.router
    }

    /// The table as text, for `docs/routes.txt`.
    #[must_use]
    pub fn print(&self) -> String {
        let mut lines: Vec<String> = self
            .rows
            .iter()
            .map(|row| {
                let gate = match row.gate {
                    Gate::Public => "public".to_owned(),
                    Gate::SignedIn => "signed-in".to_owned(),
                    Gate::Token => "token".to_owned(),
                    Gate::Act(act) => kernel::Code::code(act).to_owned(),
                };
                format!("{:<5} {:<52} {:<22} {}", row.method, row.path, gate, row.what)
            })
            .collect();
        lines.sort();
        lines.join("\n") + "\n"
    }
}
