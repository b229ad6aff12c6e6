//! Which shape a body has.

/// How the bytes of a body are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// The tutorial's rows: `{"variables":[{"name","value","scope","type"?}],"pagination"?}`.
    VariableRows,
}

impl Shape {
    /// The shape's name in the JavaScript contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Shape::VariableRows => "variable-rows",
        }
    }

    /// The shape with this name.
    pub fn parse(name: &str) -> Option<Shape> {
        [Shape::VariableRows].into_iter().find(|shape| shape.as_str() == name)
    }
}
